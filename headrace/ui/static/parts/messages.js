// What a page says when there is nothing to show, not yet, or when something was refused.
import { html } from "../html.js";

export const Loading = () => html`<p class="loading" role="status"><span class="dots"><i /><i /><i /></span><span class="hidden">Loading</span></p>`;

export function Failure({ error }) {
  return html`<div class="notice is-failed" role="alert">
    <strong>${error.found ?? error.message}</strong>
    ${error.expected && html`<p>Expected: ${error.expected}.</p>`}
    ${error.advice && html`<p>${error.advice}.</p>`}
  </div>`;
}

export const Nothing = ({ title, children }) => html`<div class="nothing"><strong>${title}</strong><div>${children}</div></div>`;
