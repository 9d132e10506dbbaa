// What the shapes mean, only those that are on screen.
import { html, useState } from "../html.js";
import { State } from "../icons.js";

export function Legend({ vertices }) {
  const [open, setOpen] = useState(innerWidth > 760);
  const states = [...new Set(vertices.filter((vertex) => vertex.kind === "execution").map((vertex) => vertex.state))].filter(Boolean).slice(0, 8);
  const diffs = vertices.some((vertex) => vertex.diff);
  return html`<div class="graph-legend over-graph">
    <button type="button" class="button is-small" aria-expanded=${open} onClick=${() => setOpen(!open)}>Legend</button>
    ${open && html`<span class="legend-artifact"><i />artifact</span><span class="legend-execution"><i />execution</span>
      ${states.map((state) => html`<${State} state=${state} />`)}
      <span class="legend-line"><i />cached or resolved</span>
      ${vertices.some((one) => one.beyond?.up || one.beyond?.down) && html`<span>+3: neighbours not shown</span>`}
      ${diffs && html`<span>≠ changed</span><span>− only first</span><span>+ only second</span>`}`}
  </div>`;
}
