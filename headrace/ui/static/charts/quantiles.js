// Tenths of the rows along the range of values: where the marks are close, many rows are.
import { html } from "../html.js";
import { number } from "../format.js";
import { linear } from "./scale.js";

const HEIGHT = 18;

export function Quantiles({ sides, width = 480 }) {
  const given = sides.map((points) => (points ?? []).filter((point) => point !== null));
  const all = given.flat();
  if (all.length < 2) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = linear([low, high], [0, width]);
  return html`<svg class="chart" width=${width} height=${given.length * HEIGHT + 16} viewBox=${`0 0 ${width} ${given.length * HEIGHT + 16}`} role="img" aria-label=${`Tenths of the rows from ${number(low)} to ${number(high)}`}>
    ${given.map((points, side) => points.length > 1 && html`<g class=${`side-${side}`} transform=${`translate(0 ${side * HEIGHT})`}>
      ${points.slice(1).map((point, index) => html`<rect x=${x(points[index])} width=${Math.max(0.5, x(point) - x(points[index]))} y="4" height="10" opacity=${0.25 + 0.6 * (1 - Math.abs(index + 0.5 - (points.length - 1) / 2) / ((points.length - 1) / 2))}><title>${`tenth ${index + 1}: ${number(points[index])} to ${number(point)}`}</title></rect>`)}
    </g>`)}
    <text class="axis" x="0" y=${given.length * HEIGHT + 12}>tenths of the rows</text>
  </svg>`;
}
