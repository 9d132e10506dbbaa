// Beside the graph: the chosen vertex in detail, what the mode found, and the outline.
import { html } from "../html.js";
import { href, runPath } from "../router.js";
import { ago, bytes, moment, plain, plural } from "../format.js";
import { Icon, State, TypeIcon } from "../icons.js";
import { ArtifactLink, Facts, Marks, RunLink } from "../parts/bits.js";
import { Tree } from "../graph/tree.js";
import { Blame } from "./blame.js";
import { words } from "./lineage_vertex.js";
import { listOf } from "./lineage_lists.js";

const outlined = (vertex) => words({ ...vertex, run: null, marks: vertex.marks ?? [] }).replace(/ · complete$/i, "");

export function LineagePanel({ question, grown, answer, chosen, onChoose, onFocus, onChange }) {
  return html`<aside class="panel lineage-panel" aria-label="Details">
    ${chosen && html`<${Vertex} vertex=${chosen} question=${question} grown=${grown} onFocus=${onFocus} onChange=${onChange} onClose=${() => onChoose(chosen.id)} />`}
    ${answer.blame && html`<${Blame} blame=${answer.blame} />`}
    ${answer.impact && html`<${Impact} impact=${answer.impact} />`}
    ${answer.ways && html`<p>${answer.ways.count ? `${plural(answer.ways.count, "way")}, the shortest over ${answer.ways.shortest.length} steps.` : "No way leads from one to the other."}</p>`}
    <section><h3>Outline</h3><${Tree} vertices=${grown.vertices} edges=${grown.edges} focus=${grown.focus} chosen=${question.at} onChoose=${onChoose} onOpen=${onFocus} describe=${outlined} /></section>
  </aside>`;
}

function Vertex({ vertex, question, grown, onFocus, onChange, onClose }) {
  const [kind, number] = [vertex.id.split(":")[0], vertex.id.slice(vertex.id.indexOf(":") + 1)];
  const pinned = question.pins.includes(vertex.id);
  const opened = (way) => onChange({ open: [...new Set([...question.opened, `${vertex.id}~${way}`])].join(",") }, { replace: true });
  const pin = () => onChange({ pin: (pinned ? question.pins.filter((id) => id !== vertex.id) : [...question.pins, vertex.id]).join(",") }, { replace: true });
  return html`<section class="vertex-card">
    <header><div><h2 class="with-icon">${vertex.kind === "execution" ? "" : html`<${TypeIcon} type=${vertex.type} size=${20} />`}${vertex.title}</h2><span class="quiet">${vertex.subtitle}</span></div><button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    <div>${vertex.kind === "execution" && html`<${State} state=${vertex.state} />`}<${Marks} marks=${vertex.marks} state=${vertex.kind === "artifact" ? vertex.state : ""} /></div>
    <div class="actions">
      ${kind === "artifact" && html`<a class="button is-main" href=${href(`/artifacts/${number}`)}>Open</a>`}
      ${kind === "execution" && vertex.run && html`<a class="button is-main" href=${href(runPath(vertex.run), { node: vertex.title })}>Open in its run</a>`}
      ${kind === "run" && number && html`<a class="button is-main" href=${href(runPath(number))}>Open</a>`}
      ${listOf(vertex.id) && html`<a class="button is-main" href=${href(...listOf(vertex.id))}>List them</a>`}
      ${!listOf(vertex.id) && html`<button type="button" class="button" onClick=${() => onFocus(vertex.id)}><${Icon} name="focus" size="14" />Focus</button>`}
      ${["artifact", "execution"].includes(kind) && html`<button type="button" class="button" aria-pressed=${pinned} onClick=${pin}><${Icon} name="pin" size="14" />${pinned ? "Unpin" : "Pin"}</button>`}
      ${vertex.beyond?.up > 0 && html`<button type="button" class="button" onClick=${() => opened("up")}>+${vertex.beyond.up} made from</button>`}
      ${vertex.beyond?.down > 0 && html`<button type="button" class="button" onClick=${() => opened("down")}>+${vertex.beyond.down} made into</button>`}
    </div>
    <${Facts} facts=${[
      ["Reference", html`<span class="mono">${vertex.id.replace(/^run:/, "")}</span>`],
      ["Run", vertex.run && kind !== "run" ? html`<${RunLink} id=${vertex.run} />` : ""],
      ["Made", vertex.created ? html`<span title=${moment(vertex.created)}>${ago(vertex.created)}</span>` : ""],
      ["Size", vertex.size ? bytes(vertex.size) : ""],
    ]} />
    ${vertex.why?.length > 0 && html`<ul class="why">${vertex.why.map((reason) => html`<li>${typeof reason === "object" && reason?.part ? html`<span>${reason.part}</span> <del>${short(reason.before)}</del><ins>${short(reason.after)}</ins>` : plain(reason)}</li>`)}</ul>`}
    <${Slots} vertex=${vertex} grown=${grown} />
  </section>`;
}

const short = (value) => (/^[0-9a-f]{32,}$/.test(String(value)) ? String(value).slice(0, 12) : plain(value) || "none");

/** By which names a vertex is joined to its neighbours. */
function Slots({ vertex, grown }) {
  const ends = grown.edges.filter((edge) => edge.from === vertex.id || edge.to === vertex.id).slice(0, 24);
  if (!ends.length || vertex.kind === "group") return null;
  const byId = new Map(grown.vertices.map((one) => [one.id, one]));
  return html`<ul class="ports">${ends.map((edge) => {
    const other = byId.get(edge.from === vertex.id ? edge.to : edge.from);
    const number = other?.id.split(":")[1];
    return html`<li><span class="port">${edge.to === vertex.id ? "← " : "→ "}${edge.label}${edge.cached ? html`<small>from the cache</small>` : ""}${edge.resolver ? html`<small>${edge.resolver}</small>` : ""}</span>${other?.kind === "artifact" ? html`<${ArtifactLink} id=${number} type=${other.type}>${other.title}<//>` : html`<span>${other?.title}</span>`}</li>`;
  })}</ul>`;
}

function Impact({ impact }) {
  const kinds = Object.entries(impact.artifacts ?? {});
  return html`<section class="impact"><h3>All that was made from it</h3>
    <${Facts} facts=${[...kinds.map(([type, n]) => [type, n]), ["Runs", impact.runs?.length]]} />
    ${impact.models?.length > 0 && html`<ul class="ports">${impact.models.map((model) => html`<li><span class="port"><${ArtifactLink} id=${model.artifact} type="Model">Model ${model.artifact}<//></span><span><${Marks} marks=${[...(model.blessed === true ? ["blessed"] : model.blessed === false ? ["not blessed"] : []), ...(model.pushed ?? []).map((where) => `pushed to ${where}`)]} /></span></li>`)}</ul>`}
    ${impact.pushed?.length > 0 && html`<p class="notice is-running">Pushed: ${impact.pushed.map(plain).join(", ")}</p>`}
  </section>`;
}
