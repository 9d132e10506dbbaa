// Lines over steps: what a metric did, with the values under the pointer.
import { html, useRef, useState } from "../html.js";
import { number } from "../format.js";
import { useWidth } from "../parts/width.js";
import { linear, ticks } from "./scale.js";

const LEFT = 52;
const BOTTOM = 22;

/** Draw `lines` ({name, side, points: [[x, y], …]}); `marks` are horizontal lines ({value, label}). */
export function Lines({ title, lines, height = 180, xName = "epoch", marks = [] }) {
  const frame = useRef(null);
  const width = useWidth(frame, 360);
  const [at, setAt] = useState(null);
  const points = lines.flatMap((line) => line.points).filter(([, y]) => y !== null);
  if (!points.length) return html`<figure ref=${frame} class="lines"><figcaption>${title}</figcaption><p class="quiet">No numbers.</p></figure>`;
  const xs = points.map(([x]) => x);
  const ys = [...points.map(([, y]) => y), ...marks.map((mark) => mark.value)];
  const [low, high] = padded(Math.min(...ys), Math.max(...ys));
  const x = linear([Math.min(...xs), Math.max(...xs)], [LEFT, width - 10]);
  const y = linear([low, high], [height - BOTTOM, 8]);
  const move = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const pointer = event.clientX - box.left;
    const all = [...new Set(xs)];
    setAt(all.reduce((best, one) => (Math.abs(x(one) - pointer) < Math.abs(x(best) - pointer) ? one : best), all[0]));
  };
  const values = at === null ? lines.map((line) => [line, line.points.at(-1)]) : lines.map((line) => [line, line.points.find(([one]) => one === at)]);
  return html`<figure ref=${frame} class="lines">
    <figcaption><strong>${title}</strong>${at !== null && html`<span class="quiet">${xName} ${number(at)}</span>`}<span class="grow" />${values.map(([line, point]) => html`<span class=${`reading side-${line.side}`}><i />${line.name} <b>${number(point?.[1])}</b></span>`)}</figcaption>
    <svg class="chart" width=${width} height=${height} role="img" aria-label=${`${title} by ${xName}: ${lines.map((line) => `${line.name} ends at ${number(line.points.at(-1)?.[1])}`).join(", ")}`} onPointerMove=${move} onPointerLeave=${() => setAt(null)}>
      ${ticks(low, high, 4).map((tick) => html`<line class="grid-line" x1=${LEFT} x2=${width - 10} y1=${y(tick)} y2=${y(tick)} /><text class="axis" x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${number(tick, 3)}</text>`)}
      ${ticks(Math.min(...xs), Math.max(...xs), Math.min(6, width / 70)).filter((tick) => Number.isInteger(tick)).map((tick) => html`<text class="axis" x=${x(tick)} y=${height - 5} text-anchor="middle">${number(tick)}</text>`)}
      ${marks.map((mark) => html`<line class="mark-at" x1=${LEFT} x2=${width - 10} y1=${y(mark.value)} y2=${y(mark.value)} /><text class="axis" x=${width - 12} y=${y(mark.value) - 4} text-anchor="end">${mark.label}</text>`)}
      ${lines.map((line) => html`<g class=${`side-${line.side}`}><path class="line" d=${path(line.points, x, y)} />${line.points.length < 2 && html`<circle cx=${x(line.points[0][0])} cy=${y(line.points[0][1])} r="3" />`}</g>`)}
      ${at !== null && html`<line class="cursor" x1=${x(at)} x2=${x(at)} y1="8" y2=${height - BOTTOM} />${values.map(([line, point]) => point && point[1] !== null && html`<g class=${`side-${line.side}`}><circle cx=${x(point[0])} cy=${y(point[1])} r="3.5" /></g>`)}`}
    </svg></figure>`;
}

function padded(low, high) {
  if (low === high) return [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1];
  const pad = (high - low) * 0.06;
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
}

function path(points, x, y) {
  let text = "";
  let pen = "M";
  for (const [step, value] of points) {
    if (value === null) pen = "M";
    else [text, pen] = [`${text}${pen}${x(step).toFixed(1)} ${y(value).toFixed(1)}`, "L"];
  }
  return text;
}
