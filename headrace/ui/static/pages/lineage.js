// Lineage: what something was made from and what was made from it; the whole question is in the address.
import { html, useEffect, useMemo, useRef } from "../html.js";
import { useAnswer } from "../api.js";
import { go, useQuery } from "../router.js";
import { Failure, Loading, Nothing } from "../parts/messages.js";
import { Graph } from "../graph/canvas.js";
import { drawn, edgeClass } from "./lineage_vertex.js";
import { Tools } from "./lineage_tools.js";
import { LineagePanel } from "./lineage_panel.js";
import { Legend } from "./lineage_legend.js";
import { useGrown } from "./lineage_grown.js";
import { connected } from "../graph/walk.js";
import { listOf } from "./lineage_lists.js";

/** Read the question of an address, with what holds when nothing is said. */
export function questionOf(query) {
  return {
    focus: query.focus ?? "",
    mode: query.mode ?? "walk",
    up: query.up ?? "2",
    down: query.down ?? "2",
    to: query.to ?? "",
    collapse: query.collapse ?? "",
    until: query.until ?? "",
    within: query.within ?? "0",
    kinds: query.kinds ?? "both",
    asOf: query.asof ?? "",
    pins: listed(query.pin),
    opened: listed(query.open),
    at: query.at ?? "",
  };
}

/** With so many edges each bears the name of its input or output; with more a pointer tells it. */
const FEW = 20;

const listed = (text) => (text ? text.split(",").filter(Boolean) : []);
const unless = (value, usual) => (value === usual ? "" : value);

/** What of a question goes to the server. */
function askedOf(question) {
  const walks = question.mode === "walk";
  return {
    focus: question.focus,
    mode: unless(question.mode, "walk"),
    up: walks ? unless(question.up, "2") : "",
    down: walks ? unless(question.down, "2") : "",
    to: ["path", "diff"].includes(question.mode) ? question.to : "",
    collapse: question.collapse,
    until: walks ? question.until : "",
    within_run: walks ? unless(question.within, "0") : "",
    kinds: unless(question.kinds, "both"),
    as_of: question.asOf ? endOfDay(question.asOf) : "",
  };
}

const endOfDay = (day) => Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);

export default function Lineage() {
  const [query, change] = useQuery();
  const question = questionOf(query);
  const needsTo = ["path", "diff"].includes(question.mode) && !question.to;
  const { value, error, loading } = useAnswer(needsTo ? null : "lineage", askedOf(question), { every: 5000 });
  const grown = useGrown(value, question);
  const svg = useRef(null);
  useEffect(() => void (document.title = `${question.focus || "Lineage"} · headrace`), [question.focus]);
  const vertices = useMemo(() => grown.vertices.map((vertex) => drawn(vertex, grown.focus.includes(vertex.id), question.pins.includes(vertex.id))), [grown, query.pin]);
  const edges = useMemo(() => grown.edges.map((edge) => ({ ...edge, name: grown.edges.length <= FEW && edge.side && !edge.count ? edge.label : "", className: edgeClass(edge), label: [edge.label, edge.resolver && `by ${edge.resolver}`, edge.cached && "from the cache"].filter(Boolean).join(", ") })), [grown]);
  const lit = useMemo(() => (question.at && grown.vertices.some((one) => one.id === question.at) ? connected(grown.edges, question.at) : null), [grown, question.at]);
  const choose = (id) => change({ at: id === question.at ? "" : id }, { replace: true });
  const focusOn = (id) => (listOf(id) ? go(...listOf(id)) : change({ focus: id, at: "", open: "", mode: question.mode === "walk" ? "" : question.mode, to: "" }));
  const chosen = grown.vertices.find((vertex) => vertex.id === question.at);
  return html`<div class="lineage">
    <${Tools} question=${question} answer=${value} grown=${grown} svg=${svg} onChange=${change} />
    ${error && html`<${Failure} error=${error} />`}
    ${needsTo && html`<${Nothing} title=${question.mode === "path" ? "Where should the way lead to?" : "Compare with which run?"}>Name it in the box above.<//>`}
    ${!value && !error && !needsTo && html`<${Loading} />`}
    ${value && !needsTo && html`<div class="lineage-body" aria-busy=${loading}>
      <div class="lineage-graph">
        ${grown.vertices.length ? html`<${Graph} roam label="Lineage" svgRef=${svg} vertices=${vertices} edges=${edges} direction="auto" gap=${16} layerGap=${question.focus ? 34 : 26} chosen=${question.at} focus=${grown.vertices.some((one) => one.id === grown.focus[0]) ? grown.focus[0] : question.focus && grown.vertices[0]?.id} lit=${lit} onChoose=${choose} onOpen=${focusOn}>
          ${value.note && html`<p class="graph-note over-graph">${value.note}${value.collapsed ? "" : value.shown < value.total ? html` shown. Narrow it by depth, or collapse by run or type.` : ""}</p>`}
          <${Legend} vertices=${grown.vertices} />
        <//>` : html`<${Nothing} title="Nothing here">Nothing is recorded in this place yet.<//>`}
      </div>
      <${LineagePanel} question=${question} grown=${grown} answer=${value} chosen=${chosen} onChoose=${choose} onFocus=${focusOn} onChange=${change} />
    </div>`}
  </div>`;
}
