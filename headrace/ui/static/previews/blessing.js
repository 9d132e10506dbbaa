// A blessing: may the model be served, and which threshold said so.
import { html } from "../html.js";
import { State } from "../icons.js";
import { Section } from "../parts/bits.js";
import { Checks } from "./checks.js";

export default function Blessing({ content }) {
  const refused = content.refusals ?? [];
  return html`<${Section} title="Verdict"><p class="verdict-line"><${State} state=${refused.length ? "BLOCKED" : "COMPLETE"} label=${refused.length ? "Not blessed: this model may not be served" : "Blessed: this model may be served"} /></p>
    ${refused.length > 0 && html`<ul class="reasons">${refused.map((reason) => html`<li>${reason}</li>`)}</ul>`}<//>
  <${Checks} checks=${content.checks} />`;
}
