// How the vertices of a lineage look: artifacts as cards, executions as small steps between them, groups as stacks.
import { html, names } from "../html.js";
import { count, shortRun } from "../format.js";
import { StateShape, stateClass, stateWord, typeShape } from "../icons.js";
import { cut, textWidth } from "../graph/text.js";

const CARD = { height: 44, least: 132, most: 224 };
const DIFF = { changed: "≠", only_a: "−", only_b: "+" };
const DIFF_WORDS = { changed: "changed", only_a: "only in the first", only_b: "only in the second", same: "the same" };
const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.25, "stroke-linecap": "round", "stroke-linejoin": "round" };

export function drawn(vertex, isFocus, isPinned) {
  const size = vertex.kind === "execution" ? { width: stepWidth(vertex), height: 30 } : { width: cardWidth(vertex), height: CARD.height };
  const gone = /DELETED|MISSING|ABANDONED/.test(vertex.state ?? "");
  return {
    id: vertex.id,
    ...size,
    label: words(vertex),
    className: names(`is-${vertex.kind}`, vertex.kind === "execution" && stateClass(vertex.state), isFocus && "is-focus", vertex.diff && `diff-${vertex.diff}`, gone && "is-gone", vertex.state === "TAINTED" && "is-tainted"),
    draw: (direction) => html`${{ artifact, execution }[vertex.kind]?.(vertex, size) ?? group(vertex, size)}
      ${isPinned && html`<circle class="pin" cx=${size.width - 8} cy="8" r="3" />`}
      ${DIFF[vertex.diff] && html`<g class="diff-sign" transform=${`translate(${size.width} 0)`}><circle r="9" /><text text-anchor="middle" y="4">${DIFF[vertex.diff]}</text></g>`}
      ${beyond(vertex, size, direction)}`,
  };
}

const markKind = (mark) => (/taint|refused|not /.test(mark) ? "is-bad" : /blessed|pushed/.test(mark) ? "is-good" : "");

const stepWidth = (vertex) => Math.round(Math.min(168, Math.max(88, textWidth(vertex.title, 13) + 50)));

function cardWidth(vertex) {
  const [title, below] = vertex.kind === "artifact" ? [vertex.title || vertex.type, markOf(vertex) ?? vertex.subtitle] : [titleOf(vertex), groupWords(vertex)];
  return Math.round(Math.min(CARD.most, Math.max(CARD.least, textWidth(title, 13, 600) + 56, textWidth(below, 12) + 56)));
}

/** Say all of a vertex in words. */
export function words(vertex) {
  const parts = [titleOf(vertex), vertex.kind === "execution" ? "" : vertex.kind === "artifact" ? vertex.subtitle : groupWords(vertex), vertex.kind === "execution" ? stateWord(vertex.state) : markOf(vertex), vertex.run && `run ${shortRun(vertex.run)}`, DIFF_WORDS[vertex.diff]];
  return parts.filter(Boolean).join(" · ");
}

const icon = (type, x, y, size = 18) => html`<svg class="glyph" x=${x} y=${y} width=${size} height=${size} viewBox="0 0 16 16"><g ...${line}>${typeShape(type)}</g></svg>`;

function artifact(vertex, { width, height }) {
  const mark = markOf(vertex);
  return html`<rect class="box" width=${width} height=${height} rx="8" />
    ${icon(vertex.type, 12, 13)}
    <text class="title" x="40" y="19">${cut(vertex.title || vertex.type, width - 50, 13, 600)}</text>
    <text class="subtitle" x="40" y="35">${cut(mark ?? vertex.subtitle, width - 50, 12)}</text>
    ${mark && html`<rect class=${names("mark-line", markKind(mark))} x="0" y="8" width="4" height=${height - 16} rx="2" />`}`;
}

/** Say all that was decided about an artifact: that it is tainted first, since the end may be cut off. */
function markOf(vertex) {
  const marks = [...(vertex.state === "TAINTED" ? ["tainted"] : []), ...(vertex.marks ?? [])];
  return marks.length ? marks.join(", ") : null;
}

function execution(vertex, { width, height }) {
  return html`<rect class="box" width=${width} height=${height} rx=${height / 2} />
    <${StateShape} state=${vertex.state} x=${10} y=${8} size=${14} />
    <text class="step" x="32" y="20">${cut(vertex.title, width - 42, 13)}</text>`;
}

function group(vertex, { width, height }) {
  const isRun = vertex.id.startsWith("run:");
  return html`<rect class="box is-behind" x="4" y="-4" width=${width - 8} height=${height} rx=${roundness(vertex)} /><rect class="box" width=${width} height=${height} rx=${roundness(vertex)} />
    ${isRun && vertex.state ? html`<${StateShape} state=${vertex.state} x=${12} y=${14} size=${16} />` : icon(isRun ? "run" : vertex.of === "execution" ? "execution" : vertex.type, 12, 13)}
    <text class="title" x="40" y="19">${cut(titleOf(vertex), width - 50, 13, 600)}</text>
    <text class="subtitle" x="40" y="35">${cut(groupWords(vertex), width - 50, 12)}</text>`;
}

/** Say how many there are, and in which states where not all are as they should be. */
function groupWords(vertex) {
  const told = (vertex.subtitle || count(vertex.count)).toLowerCase();
  return vertex.of === "artifact" || vertex.id.startsWith("type:") ? told.replace(/^([\d,]+) live$/, "$1") : told;
}

const roundness = (vertex) => (vertex.of === "execution" ? 18 : 8);

/** Name a vertex without what is the same for all of its kind. */
function titleOf(vertex) {
  if (vertex.id.startsWith("run:")) return shortRun(vertex.title);
  return vertex.id.startsWith("node:") ? vertex.title.split(".").at(-1) : vertex.title || vertex.type;
}

/** Say how many neighbours are not shown, on the side where they would be. */
function beyond(vertex, { width, height }, direction) {
  const { up = 0, down = 0 } = vertex.beyond ?? {};
  const places = direction === "down" ? [[width / 2, -6, "middle"], [width / 2, height + 16, "middle"]] : [[-6, height / 2 + 4, "end"], [width + 6, height / 2 + 4, "start"]];
  return [up, down].map((n, side) => n > 0 && html`<text class="beyond" x=${places[side][0]} y=${places[side][1]} text-anchor=${places[side][2]}>+${n}</text>`);
}

export const edgeClass = (edge) => names((edge.cached || edge.resolver) && "is-weak", edge.diff && `diff-${edge.diff}`);
