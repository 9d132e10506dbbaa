// A metric by slice: the model as a dot, the baseline as a ring, the guess as a stroke, all on one axis.
import { html, useRef, useState } from "../html.js";
import { count, number } from "../format.js";
import { useWidth } from "../parts/width.js";
import { linear, ticks } from "./scale.js";
import { cut } from "../graph/text.js";

const ROW = 28;
const TOP = 24;
const FIRST = 30;

export function SliceDots({ slices, metric, better, bounds }) {
  const frame = useRef(null);
  const width = useWidth(frame, 800);
  const [all, setAll] = useState(false);
  const shown = all ? slices : slices.slice(0, FIRST);
  const values = shown.flatMap((slice) => [slice.model?.[metric], slice.baseline?.[metric], slice.guess?.[metric]]).concat(bounds.map((bound) => bound.value)).filter((value) => value !== null && value !== undefined);
  if (!values.length) return html`<div ref=${frame}><p class="quiet">No numbers.</p></div>`;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || Math.abs(high) || 1) * 0.04;
  const names = Math.min(240, width * 0.36);
  const x = linear([low - pad, high + pad], [names + 64, width - 72]);
  const height = TOP + ROW * shown.length;
  return html`<div ref=${frame}><svg class="chart slice-dots" width=${width} height=${height} role="img" aria-label=${shown.map((slice) => `${slice.slice}: ${number(slice.model?.[metric])}`).join("; ")}>
    ${ticks(low, high, Math.max(2, Math.min(6, width / 140))).map((tick) => html`<line class="grid-line" x1=${x(tick)} x2=${x(tick)} y1=${TOP - 4} y2=${height} /><text class="axis" x=${x(tick)} y="12" text-anchor="middle">${number(tick, 3)}</text>`)}
    ${shown.map((slice, index) => {
      const y = TOP + ROW * (index + 0.5);
      const [model, baseline, guess] = ["model", "baseline", "guess"].map((side) => slice[side]?.[metric]);
      const bound = bounds.find((one) => one.slice === slice.slice)?.value;
      return html`<g class=${slice.slice === "overall" ? "is-overall" : ""}><text class="slice-name" x="0" y=${y + 4}>${cut(slice.slice, names - 8, 13)}</text><text class="axis" x=${names + 44} y=${y + 4} text-anchor="end">${count(slice.rows)}</text>
        ${known(model) && known(guess) && html`<line class=${`gap ${gain(model, guess, better)}`} x1=${x(guess)} x2=${x(model)} y1=${y} y2=${y} />`}
        ${known(guess) && html`<line class="guess" x1=${x(guess)} x2=${x(guess)} y1=${y - 6} y2=${y + 6}><title>${`guess ${number(guess)}`}</title></line>`}
        ${known(bound) && html`<path class="bound" d=${`M${x(bound)} ${y - 9}v18`}><title>${`threshold ${number(bound)}`}</title></path>`}
        ${known(baseline) && html`<circle class="baseline" cx=${x(baseline)} cy=${y} r="4.5"><title>${`baseline ${number(baseline)}`}</title></circle>`}
        ${known(model) ? html`<circle class="model" cx=${x(model)} cy=${y} r="4.5"><title>${`model ${number(model)}`}</title></circle><text class="slice-value" x=${width} y=${y + 4} text-anchor="end">${number(model)}</text>` : html`<text class="axis" x=${width} y=${y + 4} text-anchor="end">undefined</text>`}</g>`;
    })}</svg>${slices.length > FIRST && !all && html`<button type="button" class="button is-small" onClick=${() => setAll(true)}>All ${slices.length}</button>`}</div>`;
}

const known = (value) => value !== null && value !== undefined;
const gain = (model, guess, better) => (better && (better === "higher") === model >= guess ? "is-better" : "is-worse");
