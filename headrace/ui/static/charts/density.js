// A histogram, or two over each other: areas are shares of rows, so that sides of different sizes compare.
import { html } from "../html.js";
import { number, percent } from "../format.js";
import { linear } from "./scale.js";

const usable = (histogram) => (histogram ?? []).filter(([low, high, n]) => low !== null && high !== null && n !== null);

/** Draw histograms `[[low, high, count], …]`, the first filled, the second as a line. */
export function Density({ sides, width = 220, height = 44, axis = false }) {
  const given = sides.map(usable);
  const all = given.flat();
  if (!all.length) return html`<span class="quiet">–</span>`;
  const low = Math.min(...all.map(([from]) => from));
  const high = Math.max(...all.map(([, to]) => to));
  const single = high === low;
  const x = linear(single ? [low - 0.5, high + 0.5] : [low, high], [0, width]);
  const shapes = given.map((histogram) => steps(histogram, high - low || 1));
  const top = Math.max(...shapes.flat().map((step) => step.share), 0);
  const y = linear([0, top], [height, 2]);
  const bottom = axis ? 20 : 0;
  return html`<svg class="chart" width=${width} height=${height + bottom} viewBox=${`0 0 ${width} ${height + bottom}`} role="img" aria-label=${`Values from ${number(low)} to ${number(high)}`}>
    ${shapes.map((shape, side) => html`<g class=${`side-${side}`}>
      ${side === 0 ? shape.map(({ from, to, share, rows }) => html`<rect x=${x(from) + 0.5} width=${Math.max(1, x(to) - x(from) - 1)} y=${y(share)} height=${Math.max(0, height - y(share))}><title>${`${number(from)} to ${number(to)}: ${percent(rows)}`}</title></rect>`)
      : html`<path d=${outline(shape, x, y, height)} />`}
    </g>`)}
    <line class="base" x1="0" x2=${width} y1=${height} y2=${height} />
    ${axis && html`<text class="axis" x="0" y=${height + 14}>${number(low)}</text><text class="axis" x=${width} y=${height + 14} text-anchor="end">${number(high)}</text>`}
  </svg>`;
}

/** Turn counts into shares for each unit of width, where 1 is the whole range. */
function steps(histogram, range) {
  const total = histogram.reduce((sum, [, , n]) => sum + n, 0) || 1;
  return histogram.map(([from, to, n]) => {
    const wide = Math.max(to - from, range / 60);
    return { from: to > from ? from : from - wide / 2, to: to > from ? to : from + wide / 2, share: (n / total) * (range / wide), rows: n / total };
  });
}

function outline(shape, x, y, height) {
  if (!shape.length) return "";
  let path = `M${x(shape[0].from)} ${height}`;
  for (const { from, to, share } of shape) path += `L${x(from)} ${y(share)}L${x(to)} ${y(share)}`;
  return `${path}L${x(shape[shape.length - 1].to)} ${height}`;
}
