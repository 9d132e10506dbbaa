import { html } from "../html.js";
import { Section } from "../parts/bits.js";

export default ({ content, summary }) => html`<${Section} title="Preview" note=${summary}><pre class="log">${JSON.stringify(content, null, 2)}</pre><//>`;
