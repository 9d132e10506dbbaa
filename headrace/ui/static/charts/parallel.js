// Parallel coordinates: an axis for each hyperparameter and one for the score, a line for each trial.
import { html, names, useRef } from "../html.js";
import { number, plain } from "../format.js";
import { useWidth } from "../parts/width.js";
import { linear, logarithmic, ticks } from "./scale.js";
import { cut } from "../graph/text.js";

const TOP = 36;
const SIDE = 64;

export function Parallel({ trials, columns, objective, lower, lit, onLit, height = 280 }) {
  const frame = useRef(null);
  const width = useWidth(frame, 800);
  const axes = [...columns.map((name) => axisOf(name, trials.map((trial) => trial.values?.[name]), height)), axisOf(objective, trials.map((trial) => trial.score), height, lower)];
  const x = linear([0, Math.max(1, axes.length - 1)], [SIDE, width - SIDE]);
  const values = (trial) => [...columns.map((name) => trial.values?.[name]), trial.score];
  const room = (width - 2 * SIDE) / Math.max(1, axes.length - 1);
  return html`<div ref=${frame} class="parallel"><svg class="chart" width=${width} height=${height} role="img" aria-label=${`Trials by ${columns.join(", ")} and ${objective}; the same numbers are in the table below`}>
    ${[...trials].reverse().map((trial) => html`<path key=${trial.id} class=${names("trial", trial.status === "failed" && "is-failed", trial === trials[0] && "is-best", lit === trial.id && "is-lit")} d=${trialPath(values(trial), axes, x)} onMouseEnter=${() => onLit(trial.id)} onMouseLeave=${() => onLit(null)}><title>${`trial ${trial.id}: ${objective} ${number(trial.score)}`}</title></path>`)}
    ${axes.map((axis, index) => html`<g transform=${`translate(${x(index)} 0)`}>
      <line class="axis-line" y1=${TOP} y2=${height - 12} />
      <text class=${names("axis-name", index === axes.length - 1 && "is-score")} text-anchor="middle" y="16">${cut(axis.name, Math.max(60, room - 12), 13, 600)}</text>
      ${axis.marks.map(([at, text]) => html`<text class="axis" x=${index === axes.length - 1 ? 8 : -8} text-anchor=${index === axes.length - 1 ? "start" : "end"} y=${at + 4}>${text}</text><line class="axis-line" x1="-3" x2="3" y1=${at} y2=${at} />`)}
    </g>`)}
  </svg></div>`;
}

/** Choose a scale for values: by ratios where they span decades, one place each where they are words. */
function axisOf(name, values, height, lower = false) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const range = lower ? [TOP + 8, height - 16] : [height - 16, TOP + 8];
  const words = known.some((value) => typeof value !== "number");
  if (words || new Set(known).size === 1) {
    const all = [...new Set(known)];
    const place = linear([0, Math.max(1, all.length - 1)], range);
    const at = (value) => place(all.length === 1 ? 0.5 : all.indexOf(value));
    return { name, at, marks: all.slice(0, 8).map((value) => [at(value), typeof value === "number" ? number(value) : plain(value).slice(0, 10)]) };
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const at = low > 0 && high / low > 30 ? logarithmic([low, high], range) : linear([low, high], range);
  const middle = low > 0 && high / low > 30 ? [Math.sqrt(low * high)] : ticks(low, high, 4).filter((tick) => tick > low && tick < high);
  const marks = [low, ...middle, high].map((value) => [at(value), number(value, 3)]);
  return { name, at, marks: marks.filter(([place], index) => index === 0 || index === marks.length - 1 || (Math.abs(place - marks[0][0]) > 16 && Math.abs(place - marks[marks.length - 1][0]) > 16)) };
}

function trialPath(values, axes, x) {
  let text = "";
  let last = null;
  values.forEach((value, index) => {
    if (value === null || value === undefined) return;
    const point = [x(index), axes[index].at(value)];
    if (last === null) text += `M${point[0]} ${point[1]}`;
    else {
      const middle = (last[0] + point[0]) / 2;
      text += `C${middle} ${last[1]} ${middle} ${point[1]} ${point[0]} ${point[1]}`;
    }
    last = point;
  });
  return text;
}
