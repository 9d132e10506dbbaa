// Runs: a strip of the newest, a search with facets, a live table; two of them can be compared.
import { html, names, useEffect, useState } from "../html.js";
import { useAnswer } from "../api.js";
import { go, href, isStatic, runPath, useQuery } from "../router.js";
import { ago, count, duration, moment, number, plural, shortRun, signed } from "../format.js";
import { Icon, State, stateClass, stateWord } from "../icons.js";
import { Failure, Loading, Nothing } from "../parts/messages.js";
import { Values } from "../parts/bits.js";
import { NodeBar } from "../parts/node_bar.js";

const PAGE = 100;

export default function Runs() {
  const [query, change] = useQuery();
  const offset = Number(query.offset ?? 0);
  const { value, error } = useAnswer("runs", { q: query.q, pipeline: query.pipeline, state: query.state, limit: PAGE, offset }, { every: 3000 });
  const [chosen, setChosen] = useState([]);
  useEffect(() => void (document.title = "Runs · headrace"), []);
  const choose = (id) => setChosen((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id].slice(-2)));
  const narrow = (changed) => change({ offset: "", ...changed }, { replace: true });
  return html`<div class="runs">
    <div class="head"><h1>Runs</h1>${value && html`<span class="note">${count(value.total)}</span>`}</div>
    ${value && html`<${Strip} runs=${value.runs} />`}
    <${Filter} query=${query} facets=${value?.facets} onChange=${narrow} />
    ${error && html`<${Failure} error=${error} />`}
    ${!value && !error && html`<${Loading} />`}
    ${value && (value.runs.length ? html`<${Table} runs=${value.runs} chosen=${chosen} onChoose=${choose} />` : html`<${None} query=${query} onClear=${() => go("/", {}, { replace: true })} />`)}
    ${value && html`<${Pager} total=${value.total} shown=${value.shown} offset=${offset} onChange=${(to) => change({ offset: to || "" })} />`}
    ${chosen.length > 0 && html`<${CompareBar} chosen=${chosen} runs=${value?.runs ?? []} onClear=${() => setChosen([])} />`}
  </div>`;
}

/** The newest runs as bars: how long, in the colour and order of how they ended. */
function Strip({ runs }) {
  const newest = runs.slice(0, 60).reverse();
  if (newest.length < 2) return null;
  const longest = Math.max(...newest.map((run) => run.seconds ?? 0), 1);
  return html`<div class="strip" role="img" aria-label=${`The ${newest.length} newest runs by duration, oldest first`}>
    ${newest.map((run) => html`<a key=${run.id} href=${href(runPath(run.id))} tabindex="-1" class=${stateClass(run.state)} title=${`${run.pipeline} ${shortRun(run.id)}\n${stateWord(run.state)} · ${duration(run.seconds)} · ${moment(run.started)}`}>
      <i style=${{ height: `${Math.max(6, 100 * Math.sqrt((run.seconds ?? 0) / longest))}%` }} /></a>`)}
  </div>`;
}

function Filter({ query, facets, onChange }) {
  const [text, setText] = useState(query.q ?? "");
  useEffect(() => setText(query.q ?? ""), [query.q]);
  useEffect(() => {
    if (text === (query.q ?? "")) return undefined;
    const timer = setTimeout(() => onChange({ q: text }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<div class="filter">
    <div class="field"><${Icon} name="search" size="14" />
      <input type="text" value=${text} spellcheck=${false} aria-label="Filter runs" placeholder=${isStatic ? "Filter: state:FAILED pipeline:flights" : "Filter: state:FAILED since:7d param.trials>3"} onInput=${(event) => setText(event.target.value)} onKeyDown=${(event) => event.key === "Enter" && onChange({ q: text })} />
    </div>
    <div class="facets">
      ${Object.entries(facets?.state ?? {}).map(([state, n]) => html`<${Facet} key=${state} on=${query.state === state} n=${n} onChange=${(on) => onChange({ state: on ? state : "" })}><${State} state=${state} /><//>`)}
      ${Object.keys(facets?.pipeline ?? {}).length > 1 && html`<span class="rule" />`}
      ${Object.keys(facets?.pipeline ?? {}).length > 1 && Object.entries(facets.pipeline).map(([name, n]) => html`<${Facet} key=${name} on=${query.pipeline === name} n=${n} onChange=${(on) => onChange({ pipeline: on ? name : "" })}>${name}<//>`)}
    </div>
  </div>`;
}

export const Facet = ({ on, n, onChange, children }) =>
  html`<button type="button" class="facet" aria-pressed=${on} onClick=${() => onChange(!on)}>${children}<span class="n">${count(n)}</span></button>`;

function Table({ runs, chosen, onChoose }) {
  const withHeadline = runs.some((run) => run.headline);
  const withCode = runs.some((run) => run.git?.commit);
  const withValues = runs.some((run) => Object.keys(run.values ?? {}).length);
  return html`<table class="table runs-table">
    <thead><tr>${!isStatic && html`<th class="pick"><span class="hidden">Compare</span></th>`}<th>Run</th><th>State</th><th>Started</th><th class="num">Took</th><th>Nodes</th>${withHeadline && html`<th class="num">Metric, over a guess</th>`}${withValues && html`<th>Parameters</th>`}${withCode && html`<th>Code</th>`}</tr></thead>
    <tbody>${runs.map((run) => html`<${Row} key=${run.id} run=${run} on=${chosen.includes(run.id)} onChoose=${onChoose} withHeadline=${withHeadline} withValues=${withValues} withCode=${withCode} />`)}</tbody>
  </table>`;
}

function Row({ run, on, onChoose, withHeadline, withValues, withCode }) {
  const open = (event) => !event.target.closest("a,input,label,button") && !String(getSelection()) && go(runPath(run.id));
  return html`<tr class=${names(on && "is-chosen")} onClick=${open}>
    ${!isStatic && html`<td class="pick"><label><input type="checkbox" checked=${on} aria-label=${`Compare ${run.id}`} onChange=${() => onChoose(run.id)} /></label></td>`}
    <td class="name"><a href=${href(runPath(run.id))}>${run.pipeline}</a><span class="mono quiet" title=${run.id}>${shortRun(run.id)}</span></td>
    <td><${State} state=${run.state} /></td>
    <td class="nowrap" title=${moment(run.started)}>${ago(run.started)}</td>
    <td class="num nowrap">${duration(run.state === "RUNNING" && run.started ? Math.max(0, Date.now() / 1000 - run.started) : run.seconds)}</td>
    <td><${NodeBar} nodes=${run.nodes} /></td>
    ${withHeadline && html`<td class="num"><${Headline} headline=${run.headline} /></td>`}
    ${withValues && html`<td class="params"><${Values} values=${run.values} most=${3} /></td>`}
    ${withCode && html`<td class="mono nowrap quiet">${run.git?.commit ? html`${run.git.commit.slice(0, 7)}${run.git.dirty && html`<span class="dirty" title="Files were changed since this commit">*</span>`}` : "–"}</td>`}
  </tr>`;
}

function Headline({ headline }) {
  if (!headline) return html`<span class="quiet">–</span>`;
  const beside = typeof headline.guess === "number" ? headline.value - headline.guess : null;
  return html`<span class="headline"><span class="quiet">${headline.name}</span> ${number(headline.value)}${beside !== null && html`<small title="beside the best constant guess">${signed(beside)}</small>`}</span>`;
}

function None({ query, onClear }) {
  const filtered = query.q || query.state || query.pipeline;
  return filtered
    ? html`<${Nothing} title="No run fits this filter"><button type="button" class="button" onClick=${onClear}>Clear the filter</button><//>`
    : html`<${Nothing} title="Nothing ran yet">Start one: <code>headrace run PIPELINE</code><//>`;
}

export function Pager({ total, shown, offset, onChange, size = PAGE, noun = "run" }) {
  if (total <= size && !offset) return null;
  return html`<div class="pager"><button type="button" class="button" disabled=${offset === 0} onClick=${() => onChange(Math.max(0, offset - size))}>Newer</button>
    <span class="note">${count(offset + 1)}–${count(offset + shown)} of ${plural(total, noun)}</span>
    <button type="button" class="button" disabled=${offset + shown >= total} onClick=${() => onChange(offset + size)}>Older</button></div>`;
}

function CompareBar({ chosen, runs, onClear }) {
  const order = runs.map((run) => run.id);
  const [a, b] = [...chosen].sort((one, other) => order.indexOf(other) - order.indexOf(one));
  return html`<div class="floating" role="status">
    <span>${chosen.length === 1 ? "Choose a second run to compare" : html`<span class="mono">${shortRun(a)}</span> with <span class="mono">${shortRun(b)}</span>`}</span>
    ${chosen.length === 2 && html`<a class="button is-main" href=${href("/compare", { a, b })}><${Icon} name="compare" size="14" />Compare</a>`}
    <button type="button" class="icon-button" aria-label="Clear" onClick=${onClear}><${Icon} name="close" /></button>
  </div>`;
}
