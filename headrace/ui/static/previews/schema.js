// A schema: what is expected of each feature.
import { html, useState } from "../html.js";
import { count, number } from "../format.js";
import { Section } from "../parts/bits.js";

export default function Schema({ content, summary }) {
  const [text, setText] = useState("");
  const features = (content.features ?? []).filter((one) => one.name.toLowerCase().includes(text.toLowerCase()));
  return html`<${Section} title="Schema" note=${summary}>
    ${content.features.length > 12 && html`<div class="tools"><input class="input is-short" type="text" placeholder="Find a feature" aria-label="Find a feature" value=${text} onInput=${(event) => setText(event.target.value)} /></div>`}
    <div class="table-scroll"><table class="table"><thead><tr><th>Feature</th><th>Type</th><th>Presence</th><th>Shape</th><th>Values</th><th>Not in</th></tr></thead><tbody>
      ${features.map((one) => html`<tr key=${one.name}><td><strong>${one.name}</strong></td><td class="mono quiet">${one.type.toLowerCase()}</td><td>${one.presence}</td><td class="mono">${one.shape ? `[${one.shape.join(", ")}]` : html`<span class="quiet">–</span>`}</td><td><${Domain} domain=${one.domain} /></td><td>${(one.not_in ?? []).map((name) => html`<span class="mark">${name}</span>`)}</td></tr>`)}
    </tbody></table></div><//>`;
}

function Domain({ domain }) {
  if (!domain) return html`<span class="quiet">any</span>`;
  if (domain.values) return html`<span class="tags">${domain.values.slice(0, 12).map((value) => html`<span class="tag">${value}</span>`)}${domain.count > 12 && html`<span class="quiet">of ${count(domain.count)}</span>`}</span>`;
  if (domain.kind) return domain.kind.replaceAll("_", " ");
  if (domain.min === undefined && domain.max === undefined) return html`<span class="quiet">any number</span>`;
  return html`<span>${domain.min === undefined ? "up" : number(domain.min, 8)} <span class="quiet">to</span> ${domain.max === undefined ? "any" : number(domain.max, 8)}</span>`;
}
