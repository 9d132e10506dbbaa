// A run: its nodes as a graph and on a time axis, live while it goes on, and one of them in detail.
import { html, useEffect, useMemo, useState } from "../html.js";
import { listen, useAnswer } from "../api.js";
import { href, useQuery } from "../router.js";
import { ago, duration, moment, shortRun } from "../format.js";
import { Icon, State } from "../icons.js";
import { Failure, Loading } from "../parts/messages.js";
import { Choice, Copy, Facts, Values } from "../parts/bits.js";
import { NodeBar } from "../parts/node_bar.js";
import { RunGraph } from "./run_graph.js";
import { Timeline } from "./timeline.js";
import { NodePanel } from "./node_panel.js";

export default function Run({ id }) {
  const { value, error, again } = useAnswer(`runs/${encodeURIComponent(id)}`);
  const [query, change] = useQuery();
  const live = useLive(id, value, again);
  useEffect(() => void (document.title = `${value?.run.pipeline ?? "Run"} ${shortRun(id)} · headrace`), [id, value]);
  if (error && !value) return html`<${Failure} error=${error} />`;
  if (!value) return html`<${Loading} />`;
  const { run, nodes } = live;
  const shown = query.view ?? "graph";
  const failed = run.state === "FAILED" ? nodes.find((node) => node.state === "FAILED") : null;
  const open = query.node ?? failed?.id; // `node=-` is a panel that somebody closed
  const chosen = nodes.find((node) => node.id === open);
  const close = () => change({ node: failed ? "-" : "" }, { replace: true });
  const choose = (node) => (node === open ? close() : change({ node }, { replace: true }));
  return html`<div class="run">
    <${Head} run=${run} />
    <div class=${`split ${chosen ? "has-panel" : ""}`}>
      <div class="split-main">
        <div class="tools"><${Choice} label="View" options=${[["graph", "Graph"], ["timeline", "Timeline"]]} value=${shown} onChange=${(view) => change({ view: view === "graph" ? "" : view }, { replace: true })} />
          <span class="note">${nodes.length} nodes</span></div>
        ${shown === "graph" ? html`<${RunGraph} nodes=${nodes} edges=${value.edges} chosen=${chosen?.id} onChoose=${choose} />` : html`<${Timeline} run=${run} nodes=${nodes} order=${value.order} chosen=${chosen?.id} onChoose=${choose} />`}
      </div>
      ${chosen && html`<${NodePanel} key=${chosen.id} run=${run} node=${chosen} onClose=${close} />`}
    </div>
    <${Origins} run=${run} />
  </div>`;
}

const UNTOLD = { run: null, nodes: {}, progress: {} };

/** The run as the server told it first, with what it told since. */
function useLive(id, value, again) {
  const [changes, setChanges] = useState(UNTOLD);
  const going = value?.run.state === "RUNNING";
  useEffect(() => setChanges(UNTOLD), [id, value]);
  useEffect(() => {
    if (!going) return undefined;
    return listen(`runs/${encodeURIComponent(id)}/live`, {
      nodes: (told) => setChanges((old) => ({ ...old, nodes: { ...old.nodes, ...byId(told.nodes) } })),
      progress: (told) => setChanges((old) => ({ ...old, progress: { ...old.progress, [told.node]: told.progress } })),
      run: (told) => {
        setChanges((old) => ({ ...old, run: told }));
        if (told.state !== "RUNNING") again();
      },
    });
  }, [id, going]);
  return useMemo(() => {
    if (!value) return { run: null, nodes: [] };
    return {
      run: { ...value.run, ...(changes.run ?? {}) },
      nodes: value.nodes.map((node) => ({ ...node, progress: changes.progress[node.id], ...(changes.nodes[node.id] ?? {}) })),
    };
  }, [value, changes]);
}

const byId = (nodes) => Object.fromEntries(nodes.map((node) => [node.id, node]));

function Head({ run }) {
  const [before] = useBefore(run);
  const git = run.git?.commit ? `${run.git.commit.slice(0, 10)}${run.git.dirty ? ", changed since" : ""}` : null;
  return html`<div class="run-head">
    <div class="crumbs"><a href=${href("/")}>Runs</a><span>/</span><a href=${href("/", { pipeline: run.pipeline })}>${run.pipeline}</a></div>
    <div class="head"><h1>${run.pipeline}</h1><span class="mono quiet">${run.id}</span><${Copy} text=${run.id} />
      <span class="grow" /><a class="button" href=${href("/lineage", { focus: `run:${run.id}` })}><${Icon} name="branch" size="14" />Lineage</a>
      ${before && html`<a class="button" href=${href("/compare", { a: before, b: run.id })}><${Icon} name="compare" size="14" />Compare with the run before</a>`}</div>
    <${Facts} facts=${[
      ["State", html`<${State} state=${run.state} />`],
      ["Started", html`<span title=${ago(run.started)}>${moment(run.started)}</span>`],
      ["Took", run.state === "RUNNING" ? html`<${Elapsed} since=${run.started} />` : duration(run.seconds)],
      ["Nodes", html`<${NodeBar} nodes=${run.nodes} />`],
      ["Code", git && html`<span class="mono">${git}</span>`],
      ["Where", [run.orchestrator, run.host].filter(Boolean).join(" on ")],
    ]} />
  </div>`;
}

function Elapsed({ since }) {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  return html`<span>${duration(Math.max(0, now - since))}</span>`;
}

/** Find the run of the same pipeline before this one. */
function useBefore(run) {
  const { value } = useAnswer("runs", { pipeline: run.pipeline, limit: 100 });
  const runs = value?.runs ?? [];
  const at = runs.findIndex((one) => one.id === run.id);
  return [at >= 0 ? runs.slice(at + 1).find((one) => one.pipeline === run.pipeline)?.id : null];
}

function Origins({ run }) {
  const origins = run.origins ?? {};
  const values = Object.entries(run.values ?? {});
  const frozen = Object.entries(run.frozen ?? {});
  if (!values.length && !frozen.length && !run.environment) return null;
  return html`<section class="section"><h2>Settings</h2>
    ${values.length > 0 && html`<div class="table-scroll"><table class="table is-narrow"><thead><tr><th>Parameter</th><th>Value</th><th>Where from</th></tr></thead><tbody>
      ${values.map(([name, value]) => html`<tr><td class="mono">${name}</td><td class="mono">${typeof value === "string" ? value : JSON.stringify(value)}</td><td class="quiet mono">${origins[name] ?? ""}</td></tr>`)}
    </tbody></table></div>`}
    <${Facts} wide facts=${[
      ["Frozen when it began", frozen.length > 0 && html`${frozen.map(([node, facts]) => html`<span class="frozen"><span class="quiet">${node}</span> <${Values} values=${facts} /></span>`)}`],
      ["Only these nodes", (run.selected ?? []).join(", ")],
      ["Environment", run.environment && html`<span class="mono">${String(run.environment).slice(0, 16)}</span>`],
      ["Spec", run.spec_digest && html`<span class="mono">${run.spec_digest.slice(0, 16)}</span>`],
    ].map(([name, value]) => [name, value || ""])} />
  </section>`;
}
