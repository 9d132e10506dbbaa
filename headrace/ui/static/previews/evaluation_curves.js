// The curves of an evaluation: ROC, calibration, confusion.
import { html } from "../html.js";
import { count, number, percent } from "../format.js";
import { Section } from "../parts/bits.js";
import { linear } from "../charts/scale.js";

const SIZE = 260;
const PAD = 36;

export function EvaluationCurves({ curves, task }) {
  const { roc, calibration, confusion, classes } = curves ?? {};
  if (!roc?.length && !calibration?.length && !confusion?.length) return null;
  return html`<${Section} title="Curves"><div class="squares">
    ${roc?.length > 0 && html`<figure><figcaption>ROC</figcaption><${Square} line=${roc} xName="false positives" yName="true positives" /></figure>`}
    ${calibration?.length > 0 && html`<figure><figcaption>Calibration</figcaption><${Calibration} bins=${calibration} unit=${task !== "regression"} /></figure>`}
    ${confusion?.length > 0 && html`<figure><figcaption>Confusion: rows are classes, columns what the model says</figcaption><${Confusion} counts=${confusion} classes=${classes} /></figure>`}
  </div><//>`;
}

function Square({ line, dots = [], low = 0, high = 1, xName, yName }) {
  const x = linear([low, high], [PAD, SIZE - 8]);
  const y = linear([low, high], [SIZE - PAD, 8]);
  const ends = [low, (low + high) / 2, high];
  return html`<svg class="chart" width=${SIZE} height=${SIZE} role="img" aria-label=${`${yName} by ${xName}`}>
    ${ends.map((tick) => html`<line class="grid-line" x1=${x(low)} x2=${x(high)} y1=${y(tick)} y2=${y(tick)} /><text class="axis" x=${PAD - 6} y=${y(tick) + 4} text-anchor="end">${number(tick, 2)}</text><text class="axis" x=${x(tick)} y=${SIZE - PAD + 16} text-anchor="middle">${number(tick, 2)}</text>`)}
    <line class="mark-at" x1=${x(low)} y1=${y(low)} x2=${x(high)} y2=${y(high)} />
    ${line && html`<g class="side-0"><path class="line" d=${line.map(([a, b], index) => `${index ? "L" : "M"}${x(a)} ${y(b)}`).join("")} /></g>`}
    ${dots.map((dot) => html`<circle class="model" cx=${x(dot.x)} cy=${y(dot.y)} r=${dot.r}><title>${dot.title}</title></circle>`)}
    <text class="axis" x=${(PAD + SIZE) / 2} y=${SIZE - 2} text-anchor="middle">${xName}</text>
  </svg>`;
}

function Calibration({ bins, unit }) {
  const most = Math.max(...bins.map((bin) => bin.rows));
  const all = bins.flatMap((bin) => [bin.predicted, bin.observed]);
  const dots = bins.map((bin) => ({ x: bin.predicted, y: bin.observed, r: 3 + 6 * Math.sqrt(bin.rows / most), title: `${count(bin.rows)} rows: predicted ${number(bin.predicted)}, observed ${number(bin.observed)}` }));
  return html`<${Square} dots=${dots} low=${unit ? 0 : Math.min(...all)} high=${unit ? 1 : Math.max(...all)} xName="predicted" yName="observed" />`;
}

function Confusion({ counts, classes }) {
  return html`<table class="confusion"><thead><tr><td />${classes.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
    ${counts.map((row, index) => {
      const total = row.reduce((sum, n) => sum + n, 0) || 1;
      return html`<tr><th scope="row">${classes[index]}</th>${row.map((n, column) => html`<td class=${index === column ? "is-right" : "is-wrong"} title=${percent(n / total)}><i style=${{ opacity: n ? 0.12 + 0.68 * (n / total) : 0 }} /><span>${count(n)}</span></td>`)}</tr>`;
    })}
  </tbody></table>`;
}
