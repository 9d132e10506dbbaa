// An evaluation: the whole beside the guess and the baseline, then every slice, the thresholds, the curves.
import { html, useState } from "../html.js";
import { count, number, plural, signed } from "../format.js";
import { Choice, Facts, Section } from "../parts/bits.js";
import { SliceDots } from "../charts/slice_dots.js";
import { Checks } from "./checks.js";
import { EvaluationCurves } from "./evaluation_curves.js";

export default function Evaluation({ content }) {
  const metrics = Object.keys(content.metrics ?? {});
  const [metric, setMetric] = useState(metrics[0]);
  const slices = content.slices ?? [];
  const overall = slices[0];
  const rules = (content.checks ?? []).filter((one) => one.metric === metric);
  return html`<${Section} title="Evaluation" note=${`${content.task}, ${plural(content.rows, "row")} of ${(content.splits ?? []).join(", ")}`}>
    ${overall && html`<div class="metrics">${metrics.map((name) => html`<${Metric} key=${name} name=${name} about=${content.metrics[name]} overall=${overall} />`)}</div>`}
    <${Facts} wide facts=${[["Label", content.label], ["Signature", html`<span class="mono">${content.signature}</span>`], ["Fed with", content.fed], ["Rows without a label", content.rows_without_label || ""], ["Answers that are no number", content.rows_not_finite || ""]]} /><//>
  <${Section} title="By slice" note=${content.slices_in_all > slices.length ? `${slices.length} of ${count(content.slices_in_all)}` : slices.length}>
    <div class="tools">${metrics.length > 1 && html`<${Choice} label="Metric" options=${metrics.map((name) => [name, name])} value=${metric} onChange=${setMetric} />`}
      <span class="legend is-inline"><span><i class="dot-key is-model" />model</span>${overall?.baseline && html`<span><i class="dot-key is-baseline" />baseline</span>`}<span><i class="dot-key is-guess" />best constant guess</span>${rules.some((rule) => boundOf(rule) !== null) && html`<span><i class="dot-key is-bound" />threshold</span>`}</span></div>
    <${SliceDots} slices=${slices} metric=${metric} better=${content.metrics?.[metric]?.better} bounds=${rules.map((rule) => ({ slice: rule.slice, value: boundOf(rule) })).filter((bound) => bound.value !== null)} /><//>
  <${Checks} checks=${content.checks} />
  <${EvaluationCurves} curves=${content.curves} task=${content.task} />`;
}

/** Read the bound of `at least 0.8` or `at most 0.3`; null for a comparison. */
function boundOf({ rule }) {
  const match = /^at (?:least|most) (-?[\d.e+-]+)$/.exec(rule ?? "");
  return match ? Number(match[1]) : null;
}

function Metric({ name, about, overall }) {
  const value = overall.model?.[name];
  const beside = [["guess", overall.guess?.[name]], ["baseline", overall.baseline?.[name]]].filter(([, other]) => other !== null && other !== undefined);
  return html`<div class="metric" title=${about?.is}><span class="quiet">${name}</span><strong>${number(value)}</strong>
    ${beside.map(([word, other]) => html`<span class="beside">${word} ${number(other)} ${value !== null && html`<b class=${better(value - other, about?.better)}>${signed(value - other)}</b>`}</span>`)}</div>`;
}

const better = (change, direction) => (change === 0 || !direction ? "" : (direction === "higher") === change > 0 ? "is-better" : "is-worse");
