// Anomalies: the verdict, each finding, and how far every feature drifted.
import { html, useState } from "../html.js";
import { number } from "../format.js";
import { State } from "../icons.js";
import { Choice, Section, Select } from "../parts/bits.js";

const VERDICTS = { pass: ["COMPLETE", "Pass: the pipeline may go on"], warn: ["SKIPPED", "Warnings: the pipeline goes on"], block: ["BLOCKED", "Blocked: what depends on this data does not run"] };
const MEASURES = { jensen_shannon: "Jensen–Shannon", infinity_norm: "L-infinity", kolmogorov_smirnov: "Kolmogorov–Smirnov", population_stability: "Population stability", wasserstein: "Wasserstein" };
const LEAST = 0.05;
const BOUNDED = ["jensen_shannon", "infinity_norm", "kolmogorov_smirnov"];

export default function Anomalies({ content }) {
  const [state, words] = VERDICTS[content.verdict] ?? ["UNKNOWN", content.verdict];
  const findings = [...(content.findings ?? [])].sort((one, other) => (one.severity === "blocking" ? 0 : 1) - (other.severity === "blocking" ? 0 : 1));
  return html`<${Section} title="Anomalies"><p class="verdict-line"><${State} state=${state} label=${words} /></p>
    ${findings.length > 0 && html`<table class="table"><thead><tr><th>Severity</th><th>Feature</th><th>Split</th><th>What</th><th>Detail</th></tr></thead><tbody>
      ${findings.map((one) => html`<tr><td><span class=${`mark ${/block|error/i.test(one.severity) ? "is-bad" : ""}`}>${one.severity}</span></td><td><strong>${one.feature || "–"}</strong></td><td>${one.split}</td><td>${one.what}</td><td class="quiet">${one.detail}</td></tr>`)}
    </tbody></table>`}
    ${(content.unchecked ?? []).map((line) => html`<p class="quiet">Not checked: ${line}</p>`)}
  <//>
  ${content.drift?.length > 0 && html`<${Drift} drift=${content.drift} />`}`;
}

function Drift({ drift }) {
  const splits = [...new Set(drift.map((one) => one.split))];
  const measures = Object.keys(MEASURES).filter((name) => drift.some((one) => name in one.distances));
  const [split, setSplit] = useState(splits[0]);
  const [measure, setMeasure] = useState(measures[0]);
  const rows = drift.filter((one) => one.split === split && measure in one.distances).sort((one, other) => other.distances[measure] - one.distances[measure]);
  const most = Math.max(...rows.map((one) => one.distances[measure]), LEAST);
  return html`<${Section} title="Drift" note="from the span before">
    <div class="tools">${splits.length > 1 && html`<${Choice} label="Split" options=${splits.map((name) => [name, name])} value=${split} onChange=${setSplit} />`}
      <${Select} shown label="Measure" options=${measures.map((name) => [name, MEASURES[name]])} value=${measure} onChange=${setMeasure} /></div>
    <table class="bars is-wide"><tbody>${rows.map((one) => html`<tr key=${one.feature}><th scope="row">${one.feature}</th><td><div class="bar-row side-0" title=${others(one)}><i style=${{ width: `${(80 * one.distances[measure]) / most}%` }} /><span>${number(one.distances[measure], 3)}</span></div></td></tr>`)}</tbody></table>
    <p class="legend">${BOUNDED.includes(measure) ? "0: the same, 1: nothing in common." : "0: the same."} Bars reach to ${number(most, 3)}.</p><//>`;
}

const others = (one) => Object.entries(one.distances).map(([name, value]) => `${MEASURES[name] ?? name} ${number(value)}`).join("\n");
