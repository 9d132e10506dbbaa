// Chosen hyperparameters.
import { html } from "../html.js";
import { plain } from "../format.js";
import { Section } from "../parts/bits.js";

export default ({ content }) => html`<${Section} title="Chosen values"><div class="big-numbers">
  ${Object.entries(content.values ?? {}).map(([name, value]) => html`<div><span class="quiet">${name}</span><strong>${plain(value)}</strong></div>`)}
</div><//>`;
