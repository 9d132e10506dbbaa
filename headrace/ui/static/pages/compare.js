// Two runs, or two artifacts, beside each other: what differs, from what was configured down to what came of it.
import { html, useEffect } from "../html.js";
import { useAnswer } from "../api.js";
import { href, isStatic, runPath, useQuery } from "../router.js";
import { duration, moment, number, plural, shortRun } from "../format.js";
import { Icon, State } from "../icons.js";
import { Failure, Loading, Nothing } from "../parts/messages.js";
import { Select } from "../parts/bits.js";
import { ReferenceBox } from "../parts/search.js";
import { Differences, sectionsOf } from "./differences.js";

export default function Compare() {
  const [query, change] = useQuery();
  const ready = query.a && query.b;
  const { value, error } = useAnswer(ready ? "compare" : null, { a: query.a, b: query.b });
  useEffect(() => void (document.title = "Compare · headrace"), []);
  return html`<div class="compare">
    <div class="head"><h1>Compare</h1></div>
    ${isStatic ? html`<${Pairs} a=${query.a} b=${query.b} onChange=${change} />` : html`<div class="sides">
      <${Side} name="First" kind="b" reference=${query.a} onChange=${(a) => change({ a })} />
      <button type="button" class="icon-button" aria-label="Swap" title="Swap" onClick=${() => change({ a: query.b, b: query.a })}><${Icon} name="compare" /></button>
      <${Side} name="Second" kind="a" reference=${query.b} onChange=${(b) => change({ b })} />
    </div>`}
    ${error && html`<${Failure} error=${error} />`}
    ${!ready && html`<${Suggestions} />`}
    ${ready && !value && !error && html`<${Loading} />`}
    ${ready && value && html`<${Found} value=${value} a=${query.a} b=${query.b} />`}
  </div>`;
}

function Side({ name, kind, reference, onChange }) {
  const isRun = reference && !/^(artifact:|.*@|.*\/)/.test(reference);
  const { value } = useAnswer(isRun ? `runs/${encodeURIComponent(reference)}` : null);
  const run = value?.run;
  return html`<section class=${`side-of side-${kind === "a" ? 0 : 1}`}><h2 class="hidden">${name}</h2>
    <${ReferenceBox} label=${name} placeholder=${`${name}: a run, @latest, artifact:4…`} value=${reference ?? ""} onChoose=${(match) => onChange(match.reference)} onText=${onChange} />
    ${run && reference && html`<p><${State} state=${run.state} /> <a href=${href(runPath(run.id))}>${run.pipeline} <span class="mono">${shortRun(run.id)}</span></a> <span class="quiet">${moment(run.started)}, ${duration(run.seconds)}${run.headline ? `, ${run.headline.name} ${number(run.headline.value)}` : ""}</span></p>`}
  </section>`;
}

function Found({ value, a, b }) {
  const sections = sectionsOf(value);
  if (!sections.length) return html`<${Nothing} title="Nothing differs">Same parameters, same code, same data.<//>`;
  return html`<nav class="counts" aria-label="What differs">${sections.map(({ id, title, n, noun }) => html`<a href=${`#${id}`} onClick=${(event) => (event.preventDefault(), document.getElementById(id)?.scrollIntoView({ behavior: "smooth" }))}><strong>${n}</strong><span>${noun ?? title}</span></a>`)}
      ${value.kind === "runs" && html`<a class="button" href=${href("/lineage", { focus: a, to: b, mode: "diff" })}><${Icon} name="branch" size="14" />As a graph</a>`}</nav>
    ${value.unread?.length > 0 && html`<p class="quiet">${plural(value.unread.length, "artifact")} could not be read and ${value.unread.length === 1 ? "is" : "are"} not compared: ${value.unread.map((id) => html`<a href=${href(`/artifacts/${id}`)}>${id}</a> `)}</p>`}
    <${Differences} sections=${sections} />`;
}

/** The pairs that a static site compares: each run with the one of its pipeline before it. */
function Pairs({ a, b, onChange }) {
  const { value } = useAnswer("runs", { limit: 100_000 });
  const runs = value?.runs ?? [];
  const pairs = runs.flatMap((run, at) => {
    const before = runs.slice(at + 1).find((one) => one.pipeline === run.pipeline);
    return before ? [[`${before.id} ${run.id}`, `${run.pipeline}: ${shortRun(before.id)} with ${shortRun(run.id)}, ${moment(run.started)}`]] : [];
  });
  const choose = (pair) => onChange({ a: pair.split(" ")[0], b: pair.split(" ")[1] });
  return html`<p><${Select} label="Runs" options=${[["", "Choose a run and the one before it"], ...pairs]} value=${a && b ? `${a} ${b}` : ""} onChange=${choose} /></p>`;
}

/** Offer each pipeline's newest run with the one before it. */
function Suggestions() {
  const { value } = useAnswer("runs", { limit: 200 });
  if (!value) return null;
  const pairs = [...new Set(value.runs.map((run) => run.pipeline))].map((pipeline) => value.runs.filter((run) => run.pipeline === pipeline).slice(0, 2)).filter((pair) => pair.length === 2);
  return html`<${Nothing} title=${isStatic ? "Choose two runs above" : "Name two runs or two artifacts above"}>
    ${pairs.length > 0 && html`<p>Or compare the newest run with the one before it:</p><p class="actions">${pairs.map(([b, a]) => html`<a class="button" href=${href("/compare", { a: a.id, b: b.id })}><${Icon} name="compare" size="14" />${b.pipeline}</a>`)}</p>`}<//>`;
}
