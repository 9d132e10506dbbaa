// What ran when: a row for each node, its wait and its attempts on the axis of the run's time.
import { html, names, useEffect, useState } from "../html.js";
import { duration } from "../format.js";
import { State, stateClass, stateWord } from "../icons.js";
import { timeTicks } from "../charts/scale.js";

export function Timeline({ run, nodes, order, chosen, onChoose }) {
  const now = useNow(run.state === "RUNNING");
  const start = run.started ?? Math.min(...nodes.map((node) => node.started ?? Infinity));
  const end = Math.max(start + 0.001, run.state === "RUNNING" ? now : start + (run.seconds ?? 0), ...nodes.map((node) => node.ended ?? 0));
  const at = (time) => `${(100 * (time - start)) / (end - start)}%`;
  const marks = timeTicks(end - start);
  const place = new Map((order ?? []).map((id, index) => [id, index]));
  const rows = [...nodes].sort((one, other) => (one.started ?? Infinity) - (other.started ?? Infinity) || (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
  return html`<div class="timeline" role="table" aria-label="What ran when">
    <div class="timeline-axis" role="presentation"><span /><div>${marks.map((mark) => html`<span class="tick" style=${{ left: at(start + mark) }}>${mark ? duration(mark) : "0"}</span>`)}</div></div>
    ${rows.map((node) => html`<button type="button" key=${node.id} class=${names("timeline-row", node.id === chosen && "is-chosen")} onClick=${() => onChoose(node.id)} aria-label=${`${node.id}: ${stateWord(node.state)}, ${duration(node.wall)}`}>
      <span class="timeline-name"><${State} state=${node.state} bare /><span>${node.id}</span></span>
      <span class="timeline-lane">
        ${marks.map((mark) => html`<i class="grid" style=${{ left: at(start + mark) }} />`)}
        ${bars(node, now).map((bar) => html`<i class=${names("bar-of", bar.kind)} title=${bar.title} style=${{ left: at(bar.from), width: `max(3px, ${(100 * (bar.to - bar.from)) / (end - start)}%)` }} />`)}
        ${node.started && html`<span class=${names("timeline-time", placed(node, start, end) && "is-left")} style=${placed(node, start, end) ? { right: `${100 - (100 * (first(node) - start)) / (end - start)}%` } : { left: at(last(node, now)) }}>${words(node)}</span>`}
      </span>
    </button>`)}
    <p class="legend"><span class="quiet">The figure is what the executor took, the bar the whole</span><span><i class="key is-wait" />waited</span><span><i class="key is-complete" />ran</span><span><i class="key is-failed" />failed attempt</span><span><i class="key is-cached" />from the cache</span></p>
  </div>`;
}

function useNow(ticking) {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now() / 1000), 500);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

function bars(node, now) {
  if (!node.started) return [];
  const found = [];
  if (node.waited > 0.0005) found.push({ kind: "is-wait", from: node.started - node.waited, to: node.started, title: `waited ${duration(node.waited)}` });
  const attempts = node.attempts?.length ? node.attempts : [node];
  for (const attempt of attempts) {
    if (!attempt.started) continue;
    const to = attempt.ended ?? (attempt.state === "RUNNING" ? now : attempt.started);
    const which = attempts.length > 1 ? `attempt ${attempt.attempt}: ` : "";
    found.push({ kind: stateClass(attempt.state), from: attempt.started, to, title: `${which}${stateWord(attempt.state)}, ${duration(to - attempt.started)} from start to end, with starting its process and publishing` });
  }
  return found;
}

const first = (node) => node.started - Math.max(0, node.waited ?? 0);
const last = (node, now) => Math.max(node.ended ?? (node.state === "RUNNING" ? now : node.started), node.started);
const placed = (node, start, end) => (last(node, start) - start) / (end - start) > 0.82 && (first(node) - start) / (end - start) > 0.12;
const words = (node) => (node.state === "CACHED" ? "cached" : node.state === "RUNNING" ? "running" : duration(node.wall));
