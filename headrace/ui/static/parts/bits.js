// Small pieces that several pages share.
import { html, names, useState } from "../html.js";
import { href, runPath } from "../router.js";
import { plain, shortRun } from "../format.js";
import { Icon, TypeIcon } from "../icons.js";

/** Names and values, side by side: `[["Started", "2 h ago"], …]`; empty ones are left out. */
export function Facts({ facts, wide = false }) {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class=${names("facts", wide && "is-wide")}>
    ${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** One choice of a few: `[["up", "Up"], …]`. */
export function Choice({ label, options, value, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(([key, text]) => html`<button type="button" aria-pressed=${key === value} onClick=${() => onChange(key)}>${text}</button>`)}
  </div>`;
}

export function Select({ label, options, value, onChange, shown = false }) {
  return html`<label class="select"><span class=${shown ? "select-label" : "hidden"}>${label}</span>
    <select value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
    </select><${Icon} name="down" size="12" /></label>`;
}

/** Values by name as quiet tags. */
export function Values({ values, most = 99 }) {
  const pairs = Object.entries(values ?? {});
  return html`<span class="values">
    ${pairs.slice(0, most).map(([name, value]) => html`<span class="value" title=${`${name} = ${plain(value)}`}><span>${name}</span>${plain(value)}</span>`)}
    ${pairs.length > most && html`<span class="quiet">+${pairs.length - most}</span>`}
  </span>`;
}

export const Section = ({ title, note, children, id }) => html`<section class="section" id=${id}>
  <h2>${title}${note !== undefined && note !== "" && html`<span class="note">${note}</span>`}</h2>${children}
</section>`;

export const RunLink = ({ id }) => html`<a class="mono" href=${href(runPath(id))} title=${id}>${shortRun(id)}</a>`;

export const ArtifactLink = ({ id, type, children }) =>
  html`<a class="thing" href=${href(`/artifacts/${id}`)}><${TypeIcon} type=${type} /><span>${children ?? `${type} ${id}`}</span></a>`;

export function Copy({ text }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1200);
  };
  return html`<button type="button" class="icon-button is-small" onClick=${copy} title="Copy" aria-label=${`Copy ${text}`}>${done ? "✓" : html`<${Icon} name="copy" size="13" />`}</button>`;
}

/** What was decided about an artifact, as words. */
export function Marks({ marks, state }) {
  const all = [...(marks ?? [])];
  if (state && !["LIVE", "COMPLETE", "UNKNOWN"].includes(state)) all.push(state.toLowerCase());
  return html`${all.map((mark) => html`<span class=${names("mark", markKind(mark))}>${mark}</span>`)}`;
}

function markKind(mark) {
  const text = mark.toLowerCase();
  if (text.startsWith("blessed")) return "is-good";
  if (text.startsWith("pushed")) return "is-pushed";
  if (/taint|not blessed|refused|missing|deleted|abandoned|block/.test(text)) return "is-bad";
  return "";
}
