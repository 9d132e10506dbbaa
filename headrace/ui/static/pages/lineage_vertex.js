// How the vertices of a lineage look: artifacts as cards, executions as small steps between them, groups as stacks.
import { html, names } from "../html.js";
import { count, shortRun } from "../format.js";
import { StateShape, stateClass, stateWord, typeShape } from "../icons.js";
import { cut } from "../graph/text.js";

const ARTIFACT = { width: 188, height: 48 };
const EXECUTION = { width: 148, height: 32 };
const GROUP = { width: 196, height: 56 };
const DIFF = { changed: "≠", only_a: "−", only_b: "+" };
const DIFF_WORDS = { changed: "changed", only_a: "only in the first", only_b: "only in the second", same: "the same" };
const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.25, "stroke-linecap": "round", "stroke-linejoin": "round" };

export function drawn(vertex, isFocus, isPinned) {
  const size = { artifact: ARTIFACT, execution: EXECUTION }[vertex.kind] ?? GROUP;
  const gone = /DELETED|MISSING|ABANDONED/.test(vertex.state ?? "");
  return {
    id: vertex.id,
    ...size,
    label: words(vertex),
    className: names(`is-${vertex.kind}`, vertex.kind === "execution" && stateClass(vertex.state), isFocus && "is-focus", vertex.diff && `diff-${vertex.diff}`, gone && "is-gone", vertex.state === "TAINTED" && "is-tainted"),
    draw: () => html`${{ artifact, execution }[vertex.kind]?.(vertex, size) ?? group(vertex, size)}
      ${isPinned && html`<circle class="pin" cx=${size.width - 8} cy="8" r="3" />`}
      ${DIFF[vertex.diff] && html`<g class="diff-sign" transform=${`translate(${size.width} 0)`}><circle r="9" /><text text-anchor="middle" y="4">${DIFF[vertex.diff]}</text></g>`}
      ${beyond(vertex, size)}`,
  };
}

/** Say all of a vertex in words. */
export function words(vertex) {
  const parts = [vertex.title, vertex.subtitle, vertex.kind === "execution" ? stateWord(vertex.state) : (vertex.marks ?? []).join(", "), vertex.run && `run ${shortRun(vertex.run)}`, DIFF_WORDS[vertex.diff]];
  return parts.filter(Boolean).join(" · ");
}

const icon = (type, x, y, size = 18) => html`<svg class="glyph" x=${x} y=${y} width=${size} height=${size} viewBox="0 0 16 16"><g ...${line}>${typeShape(type)}</g></svg>`;

function artifact(vertex, { width, height }) {
  const mark = markOf(vertex);
  return html`<rect class="box" width=${width} height=${height} rx="8" />
    ${icon(vertex.type, 12, 15)}
    <text class="title" x="40" y="21">${cut(vertex.title || vertex.type, width - 52, 13, 600)}</text>
    <text class="subtitle" x="40" y="37">${cut(mark ?? vertex.subtitle, width - 52, 12)}</text>
    ${mark && html`<rect class=${names("mark-line", /blessed|pushed/.test(mark) && !/not|refused/.test(mark) ? "is-good" : "is-bad")} x="0" y="8" width="4" height=${height - 16} rx="2" />`}`;
}

function markOf(vertex) {
  if (vertex.state === "TAINTED") return "tainted";
  const marks = vertex.marks ?? [];
  if (!marks.length) return null;
  return marks.join(", ");
}

function execution(vertex, { width, height }) {
  return html`<rect class="box" width=${width} height=${height} rx=${height / 2} />
    <${StateShape} state=${vertex.state} x=${10} y=${9} size=${14} />
    <text class="step" x="32" y="21">${cut(vertex.title, width - 44, 13)}</text>`;
}

function group(vertex, { width, height }) {
  const title = vertex.id.startsWith("run:") ? shortRun(vertex.title) : vertex.title;
  return html`<rect class="box is-behind" x="4" y="-4" width=${width - 8} height=${height} rx="8" /><rect class="box" width=${width} height=${height} rx="8" />
    ${vertex.state && vertex.kind !== "artifact" && !/LIVE|UNKNOWN/.test(vertex.state) ? html`<${StateShape} state=${vertex.state} x=${14} y=${20} size=${16} />` : icon(vertex.id.startsWith("run:") ? "run" : vertex.type, 12, 18, 20)}
    <text class="title" x="42" y="25">${cut(title, width - 56, 14, 600)}</text>
    <text class="subtitle" x="42" y="43">${cut(groupWords(vertex), width - 56, 12)}</text>`;
}

const groupWords = (vertex) => vertex.subtitle || `${count(vertex.count)}`;

function beyond(vertex, { width, height }) {
  const { up = 0, down = 0 } = vertex.beyond ?? {};
  return html`${up > 0 && html`<text class="beyond" x="-6" y=${height / 2 + 4} text-anchor="end">+${up}</text>`}${down > 0 && html`<text class="beyond" x=${width + 6} y=${height / 2 + 4}>+${down}</text>`}`;
}

export const edgeClass = (edge) => names((edge.cached || edge.resolver) && "is-weak", edge.diff && `diff-${edge.diff}`);
