// Examples: how many rows each split has, and the columns.
import { html } from "../html.js";
import { count, percent, plural } from "../format.js";
import { Section } from "../parts/bits.js";

export default function Examples({ content }) {
  const splits = Object.entries(content.rows ?? {});
  const columns = Object.entries(content.columns ?? {});
  const total = splits.reduce((sum, [, rows]) => sum + rows, 0);
  return html`<${Section} title="Rows" note=${`${count(total)} in ${plural(splits.length, "split")}${content.payload ? `, as ${content.payload}` : ""}`}>
    ${total > 0 && html`<div class="stack">${splits.map(([name, rows], index) => html`<div key=${name} class="stack-part" style=${{ flexGrow: rows, "--shade": `${100 - (60 * index) / Math.max(1, splits.length - 1)}%` }}><i /><strong>${name}</strong><span>${count(rows)} <span class="quiet">${percent(rows / total)}</span></span></div>`)}</div>`}<//>
  <${Section} title="Columns" note=${columns.length}><ul class="columns names">${columns.map(([name, type]) => html`<li><span>${name}</span><span class="mono quiet">${type}</span></li>`)}</ul><//>`;
}
