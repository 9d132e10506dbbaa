// The nodes of a run as a graph, from top to bottom: what each waits for, and how it went.
import { html, useMemo } from "../html.js";
import { duration } from "../format.js";
import { StateShape, stateClass, stateWord } from "../icons.js";
import { Graph } from "../graph/canvas.js";
import { cut } from "../graph/text.js";

const WIDTH = 204;
const HEIGHT = 56;

export function RunGraph({ nodes, edges, chosen, onChoose }) {
  const vertices = useMemo(() => nodes.map((node) => vertexOf(node)), [nodes]);
  const lines = useMemo(() => merged(edges), [edges]);
  return html`<${Graph} label="The nodes of this run" direction="down" gap=${28} layerGap=${38} vertices=${vertices} edges=${lines} chosen=${chosen} onChoose=${onChoose} height=${Math.min(680, Math.max(320, 94 * depth(nodes, lines) + 20)) * (innerWidth < 760 ? 0.62 : 1)} />`;
}

function vertexOf(node) {
  const verdict = node.verdict?.text ?? stateWord(node.state);
  return {
    id: node.id,
    width: WIDTH,
    height: HEIGHT,
    label: `${node.id}: ${stateWord(node.state)}${node.reason ? ` (${node.reason})` : ""}. ${verdict}`,
    className: `node ${stateClass(node.state)}`,
    draw: () => html`<rect class="box" width=${WIDTH} height=${HEIGHT} rx="8" />
      <rect class="edge-mark" width="4" height=${HEIGHT - 16} x="0" y="8" rx="2" />
      <${StateShape} state=${node.state} x=${14} y=${12} size=${16} />
      <text class="title" x="38" y="25">${cut(node.id, WIDTH - 50, 14, 600)}</text>
      <text class="subtitle" x="38" y="43">${cut(subtitle(node), WIDTH - 50, 12)}</text>
      ${node.progress && progress(node.progress)}`,
  };
}

function subtitle(node) {
  const component = (node.component ?? "").split(".").at(-1);
  const kind = component && component !== node.id ? `${component} · ` : "";
  const time = node.wall === null || node.wall === undefined ? "" : ` ${duration(node.wall)}`;
  if (node.state === "COMPLETE") return `${kind}${time.trim() || "complete"}`;
  if (node.state === "RUNNING") return `${kind}${node.progress?.text || node.progress?.what || "running"}`;
  return `${kind}${stateWord(node.state).toLowerCase()}${node.state === "FAILED" ? time : ""}`;
}

function progress({ done, total }) {
  if (!total) return null;
  return html`<rect class="progress-ground" x="38" y=${HEIGHT - 7} width=${WIDTH - 50} height="2" rx="1" /><rect class="progress" x="38" y=${HEIGHT - 7} width=${((WIDTH - 50) * Math.min(done, total)) / total} height="2" rx="1" />`;
}

/** Draw several edges between two nodes as one, labelled with all of their names. */
function merged(edges) {
  const found = new Map();
  for (const edge of edges) {
    const key = `${edge.from}>${edge.to}`;
    const known = found.get(key) ?? { from: edge.from, to: edge.to, kinds: new Set(), labels: [] };
    known.kinds.add(edge.kind);
    if (edge.label) known.labels.push(edge.label);
    found.set(key, known);
  }
  return [...found.values()].map(({ from, to, kinds, labels }) => ({ from, to, label: labels.join(", ") || "order", className: kinds.has("data") ? "" : "is-order" }));
}

function depth(nodes, edges) {
  const level = Object.fromEntries(nodes.map((node) => [node.id, 1]));
  for (let turn = 0; turn < nodes.length; turn++) {
    let still = true;
    for (const { from, to } of edges) if (level[to] <= level[from] && level[from] < nodes.length) [level[to], still] = [level[from] + 1, false];
    if (still) break;
  }
  return Math.max(1, ...Object.values(level));
}
