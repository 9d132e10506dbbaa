// A pushed model: where it is served, as which version, and its files.
import { html } from "../html.js";
import { href } from "../router.js";
import { moment } from "../format.js";
import { Facts, Section } from "../parts/bits.js";

export default function Pushed({ content, answer }) {
  const files = Object.entries(content.files ?? {});
  const versions = (answer.siblings ?? []).filter((one) => one.id !== answer.artifact.id).slice(0, 20);
  return html`<${Section} title="Served"><${Facts} facts=${[["Destination", html`<span class="mono">${content.destination}</span>`], ["Version", html`<strong>${content.version}</strong>`], ["Signature", html`<span class="mono">${content.signature}</span>`]]} /><//>
  ${versions.length > 0 && html`<${Section} title="Other pushes"><ul class="columns">${versions.map((one) => html`<li><a href=${href(`/artifacts/${one.id}`)}>artifact ${one.id}</a> <span class="quiet">${moment(one.created)}</span></li>`)}</ul><//>`}
  <${Section} title="What was pushed" note=${`${files.length} files`}><table class="table is-narrow"><thead><tr><th>File</th><th>Content</th></tr></thead><tbody>${files.map(([path, digest]) => html`<tr><td class="mono">${path}</td><td class="mono quiet">${String(digest).slice(0, 16)}</td></tr>`)}</tbody></table><//>`;
}
