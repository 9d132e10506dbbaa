// A search: its trials as lines across the hyperparameters, the best so far, and all of them as a table.
import { html, names, useMemo, useState } from "../html.js";
import { number, plain, plural } from "../format.js";
import { State } from "../icons.js";
import { Section } from "../parts/bits.js";
import { Lines } from "../charts/lines.js";
import { Parallel } from "../charts/parallel.js";

export default function Trials({ content }) {
  const trials = content.trials ?? [];
  const [lit, setLit] = useState(null);
  const columns = useMemo(() => [...new Set(trials.flatMap((trial) => Object.keys(trial.values ?? {})))], [trials]);
  const lower = isLower(trials);
  return html`<${Section} title="Trials" note=${`${plural(trials.length, "trial")}, ${lower ? "lowest" : "highest"} ${content.objective} first`}>
    <${Parallel} trials=${trials} columns=${columns} objective=${content.objective} lower=${lower} lit=${lit} onLit=${setLit} />
    ${trials.filter((trial) => trial.score !== null).length > 1 && html`<div class="charts"><${Lines} title=${`Best ${content.objective} so far`} xName="trial" lines=${bestSoFar(trials, lower)} /></div>`}
    <div class="table-scroll"><table class="table trials"><thead><tr><th>Trial</th><th>State</th><th class="num">${content.objective}</th>${columns.map((name) => html`<th class="num">${name}</th>`)}<th class="num">Best step</th></tr></thead><tbody>
      ${trials.map((trial, index) => html`<tr key=${trial.id} class=${names(lit === trial.id && "is-chosen")} onMouseEnter=${() => setLit(trial.id)} onMouseLeave=${() => setLit(null)}><td>${trial.id}${index === 0 && trial.score !== null ? html` <span class="mark is-good">best</span>` : ""}</td><td><${State} state=${trial.status === "failed" ? "FAILED" : "COMPLETE"} label=${trial.status} />${trial.message && html`<small> ${trial.message}</small>`}</td><td class="num">${number(trial.score)}</td>${columns.map((name) => html`<td class="num mono">${plain(trial.values?.[name])}</td>`)}<td class="num">${trial.best_step}</td></tr>`)}
    </tbody></table></div><//>`;
}

/** Trials stand best first: tell from that whether less is better. */
function isLower(trials) {
  const scores = trials.map((trial) => trial.score).filter((score) => score !== null);
  return scores.length < 2 || scores[0] <= scores[scores.length - 1];
}

function bestSoFar(trials, lower) {
  const inOrder = trials.filter((trial) => trial.score !== null).sort((one, other) => String(one.id).localeCompare(String(other.id), "en", { numeric: true }));
  let best = null;
  const points = inOrder.map((trial, index) => {
    best = best === null || (lower ? trial.score < best : trial.score > best) ? trial.score : best;
    return [index + 1, best];
  });
  return [{ name: "best", side: 0, points }, { name: "trial", side: 1, points: inOrder.map((trial, index) => [index + 1, trial.score]) }];
}
