// Signs: a shape for every state and every kind of thing, so that no meaning hangs on colour alone.
import { html, names } from "./html.js";

const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" };
const gap = { fill: "none", stroke: "var(--ground)", "stroke-width": 1.75, "stroke-linecap": "round", "stroke-linejoin": "round" };
const disc = html`<circle cx="8" cy="8" r="7" fill="currentColor" />`;
const ring = html`<circle cx="8" cy="8" r="6.25" ...${line} />`;

const STATES = {
  COMPLETE: ["Complete", "complete", html`${disc}<path d="M4.8 8.3 7 10.5l4.2-4.8" ...${gap} />`],
  CACHED: ["Cached", "cached", html`${ring}<path d="M5.2 8.2 7.2 10.2l3.6-4.2" ...${line} />`],
  RUNNING: ["Running", "running", html`<circle cx="8" cy="8" r="6" ...${line} opacity=".3" /><path class="turns" d="M8 2a6 6 0 0 1 6 6" ...${line} stroke-width="2.25" />`],
  FAILED: ["Failed", "failed", html`<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" /><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" ...${gap} />`],
  BLOCKED: ["Blocked", "blocked", html`<path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor" /><path d="M4.8 8h6.4" ...${gap} />`],
  SKIPPED: ["Skipped", "skipped", html`${ring}<path d="M5 8h6" ...${line} />`],
  CANCELED: ["Canceled", "canceled", html`${ring}<path d="m3.8 12.2 8.4-8.4" ...${line} />`],
  WAITING: ["Waiting", "waiting", html`<circle cx="8" cy="8" r="6.25" ...${line} stroke-dasharray="2 2.9" />`],
  NOT_STARTED: ["Not started", "waiting", html`<circle cx="8" cy="8" r="6.25" ...${line} stroke-dasharray="2 2.9" />`],
  UNKNOWN: ["Unknown", "waiting", html`<circle cx="8" cy="8" r="2.5" fill="currentColor" />`],
};
const ALIASES = { NEW: "WAITING", PENDING: "WAITING", OK: "COMPLETE", SUCCEEDED: "COMPLETE", CANCELLED: "CANCELED", "": "UNKNOWN" };

const known = (state) => STATES[ALIASES[state ?? ""] ?? state] ?? [state ?? "Unknown", "waiting", STATES.UNKNOWN[2]];

export const stateWord = (state) => known(state)[0];
export const stateClass = (state) => `is-${known(state)[1]}`;
export const ALL_STATES = Object.keys(STATES).filter((state) => state !== "UNKNOWN");

/** A state as its sign and, unless `bare`, its word. */
export function State({ state, bare = false, label }) {
  const [word, kind, shape] = known(state);
  return html`<span class=${names("state", `is-${kind}`)} title=${bare ? (label ?? word) : undefined}>
    <svg viewBox="0 0 16 16" width="14" height="14" role=${bare ? "img" : undefined} aria-label=${bare ? (label ?? word) : undefined} aria-hidden=${bare ? undefined : "true"}>${shape}</svg>
    ${!bare && html`<span>${label ?? word}</span>`}
  </span>`;
}

/** The sign of a state inside another drawing. */
export const StateShape = ({ state, x, y, size = 14 }) =>
  html`<svg class=${names("state-shape", stateClass(state))} x=${x} y=${y} width=${size} height=${size} viewBox="0 0 16 16">${known(state)[2]}</svg>`;

const TYPES = {
  examples: html`<path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9" />`,
  statistics: html`<path d="M2.5 13.5h11M4 11V8.5M7 11V4M10 11V6.5M13 11V9.5" />`,
  schema: html`<path d="M3 4h2m2.5 0H13M3 8h2m2.5 0H13M3 12h2m2.5 0H13" />`,
  anomalies: html`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11.4v.1" />`,
  transform: html`<path d="M2.5 4h3l5 8h3M2.5 12h3l5-8h3" />`,
  model: html`<circle cx="3.5" cy="4.5" r="1.3" /><circle cx="3.5" cy="11.5" r="1.3" /><circle cx="12.5" cy="8" r="1.3" /><path d="M4.8 4.9l6.4 2.6M4.8 11.1l6.4-2.6" />`,
  curves: html`<path d="M2.5 2.5v11h11M4.5 5c1 5 3 6 8.5 6.2" />`,
  trials: html`<path d="M3.5 2.5v11M8 2.5v11M12.5 2.5v11M3.5 5 8 10l4.5-5.5" />`,
  parameters: html`<path d="M2.5 5h6m3 0h2M2.5 11h2m3 0h6" /><circle cx="10" cy="5" r="1.5" /><circle cx="6" cy="11" r="1.5" />`,
  evaluation: html`<path d="M2.8 10.5a5.3 5.3 0 1 1 10.4 0M8 9.5 10.8 6" /><circle cx="8" cy="10" r=".8" />`,
  blessing: html`<path d="M8 2.2 13 4v4c0 3-2 4.8-5 5.8C5 12.8 3 11 3 8V4zM5.8 8l1.6 1.6 2.9-3.2" />`,
  pushed: html`<path d="M8 10.5v-7M5 6l3-3 3 3M3 10.5v3h10v-3" />`,
  run: html`<path d="M5 3.5v9l7.5-4.5z" />`,
  execution: html`<rect x="3" y="3" width="10" height="10" rx="2.5" /><path d="M6.5 6v4l3.2-2z" />`,
  pipeline: html`<circle cx="4" cy="4" r="1.6" /><circle cx="12" cy="12" r="1.6" /><path d="M5.6 4H9a2 2 0 0 1 2 2v4.4" />`,
  artifact: html`<path d="M8 2 13.5 5v6L8 14l-5.5-3V5zM2.5 5 8 8l5.5-3M8 8v6" />`,
};
const OF_TYPE = {
  Examples: "examples", ExampleStatistics: "statistics", Schema: "schema", ExampleAnomalies: "anomalies",
  TransformGraph: "transform", TransformCache: "transform", Model: "model", ModelRun: "curves", TunerResults: "trials",
  HyperParameters: "parameters", ModelEvaluation: "evaluation", ModelBlessing: "blessing", InfraBlessing: "blessing",
  PushedModel: "pushed",
};

export const typeShape = (type) => TYPES[OF_TYPE[type] ?? type] ?? TYPES.artifact;

export const TypeIcon = ({ type, size = 16 }) =>
  html`<svg class="type-icon" viewBox="0 0 16 16" width=${size} height=${size} aria-hidden="true"><g ...${line} stroke-width="1.25">${typeShape(type)}</g></svg>`;

const TOOLS = {
  search: html`<circle cx="7" cy="7" r="4.25" /><path d="m10.2 10.2 3.3 3.3" />`,
  sun: html`<circle cx="8" cy="8" r="2.75" /><path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />`,
  moon: html`<path d="M13 9.6A5.6 5.6 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z" />`,
  close: html`<path d="m4 4 8 8m0-8-8 8" />`,
  plus: html`<path d="M8 3.5v9M3.5 8h9" />`,
  minus: html`<path d="M3.5 8h9" />`,
  fit: html`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />`,
  pin: html`<path d="M6 2.5h4l-.5 4 2 2.5h-7l2-2.5zM8 9v4.5" />`,
  focus: html`<circle cx="8" cy="8" r="4.5" /><path d="M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3" />`,
  down: html`<path d="m4 6 4 4 4-4" />`,
  right: html`<path d="m6 4 4 4-4 4" />`,
  open: html`<path d="M6.5 3.5h-3v9h9v-3M9 3.5h3.5V7M12.3 3.7 7.5 8.5" />`,
  save: html`<path d="M8 2.5v7M5 6.8l3 3 3-3M3 13h10" />`,
  copy: html`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M3.5 10.5h-1v-8h8v1" />`,
  branch: html`<circle cx="4.5" cy="3.5" r="1.5" /><circle cx="4.5" cy="12.5" r="1.5" /><circle cx="11.5" cy="5.5" r="1.5" /><path d="M4.5 5v6M11.5 7c0 2.5-4 2-6.5 4" />`,
  compare: html`<path d="M6 3 2.5 6.5 6 10M2.5 6.5h8M10 6l3.5 3.5L10 13M13.5 9.5h-8" />`,
};

export const Icon = ({ name, size = 16 }) =>
  html`<svg viewBox="0 0 16 16" width=${size} height=${size} aria-hidden="true"><g ...${line}>${TOOLS[name]}</g></svg>`;
