import { html } from "../html.js";
export default () => html`<div class="head"><h1>Compare</h1></div>`;
