// How the nodes of a run ended, as one bar with its words.
import { html } from "../html.js";
import { stateClass } from "../icons.js";
import { count } from "../format.js";

const PARTS = [
  ["complete", "COMPLETE", "complete"],
  ["cached", "CACHED", "cached"],
  ["running", "RUNNING", "running"],
  ["failed", "FAILED", "failed"],
  ["blocked", "BLOCKED", "blocked"],
  ["skipped", "SKIPPED", "skipped"],
  ["canceled", "CANCELED", "canceled"],
];

export function NodeBar({ nodes }) {
  const parts = PARTS.map(([key, state, word]) => ({ state, word, n: nodes?.[key] ?? 0 })).filter((part) => part.n);
  const done = parts.reduce((sum, part) => sum + part.n, 0);
  const total = Math.max(nodes?.total ?? 0, done, 1);
  const words = parts.map((part) => `${part.n} ${part.word}`).join(", ") || "none started";
  return html`<span class="node-bar" title=${`${words}, of ${count(total)} nodes`}>
    <span class="segments" aria-hidden="true">
      ${parts.map((part) => html`<i class=${stateClass(part.state)} style=${{ flexGrow: part.n }} />`)}
      ${total > done && html`<i class="is-rest" style=${{ flexGrow: total - done }} />`}
    </span>
    <span class="node-words">${words}</span>
  </span>`;
}
