// A model: how large it is, what it takes and gives, how it was trained.
import { html } from "../html.js";
import { bytes, count } from "../format.js";
import { Section } from "../parts/bits.js";
import Curves from "./curves.js";

export default function Model({ content, answer }) {
  const signatures = Object.entries(content.signatures ?? {}).sort(([one], [other]) => (other === "serving_default" ? 1 : 0) - (one === "serving_default" ? 1 : 0));
  return html`<${Section} title="Model"><div class="big-numbers">
      ${content.parameters !== null && content.parameters !== undefined && html`<div><span class="quiet">parameters</span><strong>${count(content.parameters)}</strong></div>`}
      ${content.bytes !== undefined && html`<div><span class="quiet">size</span><strong>${bytes(content.bytes)}</strong></div>`}
      <div><span class="quiet">signatures</span><strong>${signatures.length}</strong></div>
    </div><//>
  ${content.curves?.length > 0 && html`<${Curves} content=${content} answer=${answer} />`}
  ${signatures.length > 0 && html`<${Section} title="Signatures">${signatures.map(([name, signature]) => html`<div class="signature" key=${name}><h3 class="mono">${name}</h3><div class="ports-of"><${Tensors} title="takes" tensors=${signature.inputs} /><span class="flow">→</span><${Tensors} title="gives" tensors=${signature.outputs} /></div></div>`)}<//>`}`;
}

const Tensors = ({ title, tensors }) => html`<ul aria-label=${title}>${(tensors ?? []).map((one) => html`<li><span>${one.name}</span><span class="mono quiet">${one.type} [${(one.shape ?? []).map((size) => size ?? "?").join(", ")}]</span></li>`)}</ul>`;
