// What each threshold found: its value, and the interval of a comparison.
import { html } from "../html.js";
import { number } from "../format.js";
import { State } from "../icons.js";
import { Section } from "../parts/bits.js";
import { linear } from "../charts/scale.js";

const STATES = { pass: "COMPLETE", fail: "FAILED", "no data": "SKIPPED" };

export function Checks({ checks }) {
  if (!checks?.length) return null;
  const order = { fail: 0, "no data": 1, pass: 2 };
  const sorted = [...checks].sort((one, other) => (order[one.verdict] ?? 3) - (order[other.verdict] ?? 3));
  const ends = checks.flatMap((one) => [one.low, one.high, one.low !== null ? one.value : null]).filter((end) => end !== null && end !== undefined);
  const range = ends.length ? [Math.min(0, ...ends), Math.max(0, ...ends)] : null;
  return html`<${Section} title="Thresholds" note=${`${checks.filter((one) => one.verdict === "pass").length} of ${checks.length} hold`}>
    <div class="table-scroll"><table class="table"><thead><tr><th>Verdict</th><th>Slice</th><th>Metric</th><th>Rule</th><th class="num">Value</th><th>Interval</th></tr></thead><tbody>
      ${sorted.map((one) => html`<tr><td><${State} state=${STATES[one.verdict]} label=${one.verdict} /></td><td>${one.slice}</td><td>${one.metric}</td><td>${one.rule}${one.reason && html`<small> ${one.reason}</small>`}</td><td class="num">${number(one.value)}</td><td>${range && one.low !== null && html`<${Interval} check=${one} range=${range} />`}</td></tr>`)}
    </tbody></table></div><//>`;
}

function Interval({ check, range }) {
  const x = linear(range, [4, 156]);
  return html`<svg class="chart interval" width="160" height="20" role="img" aria-label=${`from ${number(check.low)} to ${number(check.high)}`}><title>${`${number(check.low)} to ${number(check.high)}`}</title>
    <line class="zero" x1=${x(0)} x2=${x(0)} y1="1" y2="19" /><line class="span" x1=${x(check.low)} x2=${x(check.high)} y1="10" y2="10" /><circle cx=${x(check.value)} cy="10" r="4" /></svg>`;
}
