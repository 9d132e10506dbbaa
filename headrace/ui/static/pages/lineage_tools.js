// The question put to the graph: from where, which way, how far, shown how.
import { html, useState } from "../html.js";
import { useAnswer } from "../api.js";
import { isStatic } from "../router.js";
import { Icon } from "../icons.js";
import { Choice, Select } from "../parts/bits.js";
import { ReferenceBox } from "../parts/search.js";
import { save } from "../graph/export.js";

const MODES = [["walk", "Surroundings"], ["blame", "Blame: what made it"], ["impact", "Impact: all made from it"], ["path", "Ways to…"], ["diff", "Diff with a run…"]];
const COLLAPSE = [["", "Collapse if large"], ["none", "Never collapse"], ["run", "By run"], ["type", "By type"]];
const KINDS = [["both", "Both kinds"], ["artifacts", "Artifacts only"], ["executions", "Executions only"]];
const FAR = "all";
/** What can be asked; a static site has no answers to the rest. */
const modesFor = (question, focus) => (isStatic ? MODES.filter(([mode]) => mode === "walk" || mode === question.mode || (focus.length === 1 && focus[0].startsWith("artifact:") && ["blame", "impact"].includes(mode))) : MODES);
const hops = (text) => (text === "all" ? Infinity : Number(text) || 0);

export function Tools({ question, answer, grown, svg, onChange }) {
  const walks = question.mode === "walk";
  const { value: meta } = useAnswer("meta");
  const types = Object.keys(meta?.types ?? {}).sort();
  const ways = question.up === "0" ? "down" : question.down === "0" ? "up" : "both";
  const depth = Math.max(hops(question.up), hops(question.down));
  const deep = (value, way = ways) => onChange({ up: usual(way === "down" ? "0" : value), down: usual(way === "up" ? "0" : value), open: "" });
  return html`<div class="lineage-tools">
    <h1 class="hidden">Lineage</h1>
    <div class="tools">
      <div class="focus-box"><${ReferenceBox} label="Focus" placeholder="Focus: Model@latest, artifact:4, a run, a path…" value=${question.focus} onChoose=${(match) => onChange({ focus: match.reference, at: "", open: "" })} onText=${(text) => onChange({ focus: text, at: "", open: "" })} /></div>
      ${question.focus && html`<button type="button" class="button" onClick=${() => onChange({ focus: "", at: "", open: "", mode: "", to: "", pin: "" })}>Whole store</button>
        <${Select} label="Mode" options=${modesFor(question, grown.focus)} value=${question.mode} onChange=${(mode) => onChange({ mode: mode === "walk" ? "" : mode, open: "" })} />`}
      ${!isStatic && ["path", "diff"].includes(question.mode) && html`<div class="focus-box"><${ReferenceBox} label="Other end" placeholder=${question.mode === "diff" ? "The other run: @prev, an id…" : "To: Model@latest, artifact:4…"} value=${question.to} onChoose=${(match) => onChange({ to: match.reference })} onText=${(text) => onChange({ to: text })} /></div>`}
      <span class="grow" />
      ${answer && html`<span class="note">${grown.vertices.length} shown</span>`}
      <${Export} grown=${grown} svg=${svg} name=${question.focus || "store"} />
    </div>
    ${question.focus && html`<div class="tools">
      ${walks && html`<${Choice} label="Direction" options=${[["up", "← Made from"], ["both", "Both"], ["down", "Made into →"]]} value=${ways} onChange=${(way) => deep(depth === Infinity ? FAR : String(depth || 2), way)} />
        <div class="stepper" role="group" aria-label="Depth"><button type="button" class="icon-button" aria-label="Less deep" disabled=${depth <= 1} onClick=${() => deep(String(depth > 20 ? 6 : depth - 1))}><${Icon} name="minus" /></button><output>${depth >= 50 ? "all" : `${depth} hop${depth === 1 ? "" : "s"}`}</output><button type="button" class="icon-button" aria-label="Deeper" disabled=${depth >= 50} onClick=${() => deep(String(depth + 1))}><${Icon} name="plus" /></button><button type="button" class="button is-small" aria-pressed=${depth >= 50} onClick=${() => deep(FAR)}>All</button></div>`}
      ${walks && types.length > 1 && html`<${Select} label="Up to" options=${[["", "Up to any type"], ...types.map((type) => [type, `Up to ${type}`])]} value=${question.until} onChange=${(until) => onChange({ until, open: "" })} />`}
      ${!isStatic && html`<${Select} label="Collapse" options=${COLLAPSE} value=${question.collapse} onChange=${(collapse) => onChange({ collapse, at: "" })} />
      <${Select} label="Kinds" options=${KINDS} value=${question.kinds} onChange=${(kinds) => onChange({ kinds: kinds === "both" ? "" : kinds, at: "" })} />`}
      ${walks && html`<label class="check"><input type="checkbox" checked=${question.within === "1"} onChange=${(event) => onChange({ within: event.target.checked ? "1" : "" })} />This run only</label>`}
      ${!isStatic && html`<${AsOf} value=${question.asOf} onChange=${(asof) => onChange({ asof })} />`}
    </div>`}
  </div>`;
}

function AsOf({ value, onChange }) {
  const [open, setOpen] = useState(Boolean(value));
  if (!open && !value) return html`<button type="button" class="button" onClick=${() => setOpen(true)}>As of…</button>`;
  return html`<label class="date"><span>As of</span><input type="date" class="input" value=${value} onChange=${(event) => onChange(event.target.value)} />${value && html`<button type="button" class="icon-button is-small" aria-label="As it is now" onClick=${() => (onChange(""), setOpen(false))}><${Icon} name="close" size="13" /></button>`}</label>`;
}

const usual = (depth) => (depth === "2" ? "" : depth);

function Export({ grown, svg, name }) {
  const [open, setOpen] = useState(false);
  const choose = (kind) => {
    setOpen(false);
    save(kind, svg.current, grown, name);
  };
  return html`<div class="menu" onKeyDown=${(event) => event.key === "Escape" && setOpen(false)} onFocusOut=${(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
    <button type="button" class="button" aria-haspopup="menu" aria-expanded=${open} onClick=${() => setOpen(!open)}><${Icon} name="save" size="14" />Export</button>
    ${open && html`<div class="menu-list" role="menu">${["SVG", "PNG", "DOT", "JSON"].map((kind) => html`<button type="button" role="menuitem" onClick=${() => choose(kind)}>${kind}</button>`)}</div>`}
  </div>`;
}
