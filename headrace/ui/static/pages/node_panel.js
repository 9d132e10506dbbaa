// One node of a run: why it ran, what it read and made, what it cost, what went wrong, what it printed.
import { html, useEffect, useRef, useState } from "../html.js";
import { askText } from "../api.js";
import { href, isStatic } from "../router.js";
import { bytes, duration, plain } from "../format.js";
import { Icon, State } from "../icons.js";
import { ArtifactLink, Copy, Facts, RunLink } from "../parts/bits.js";

export function NodePanel({ run, node, onClose }) {
  return html`<aside class="panel" aria-label=${`Node ${node.id}`}>
    <header><div><h2>${node.id}</h2><span class="quiet">${(node.component ?? "").split(".").at(-1) !== node.id ? node.component : ""}</span></div><button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    <${State} state=${node.state} label=${node.verdict?.kind === "cached" ? "Cached" : undefined} />
    <${Verdict} node=${node} />
    ${node.error && html`<${Fault} error=${node.error} />`}
    <${Facts} facts=${[
      ["Took", node.wall !== null ? html`<span title="What the executor took, by the clock">${duration(node.wall)}</span>` : ""],
      ["From start to end", wholeOf(node) > node.wall + 0.05 && node.wall !== null ? html`<span title="With starting its process, reading inputs and publishing outputs">${duration(wholeOf(node))}</span>` : ""],
      ["CPU", node.cpu ? duration(node.cpu) : ""],
      ["Memory", node.memory ? bytes(node.memory) : ""],
      ["Waited", node.waited > 0.05 ? duration(node.waited) : ""],
      ["Attempt", node.attempts?.length > 1 ? `${node.attempt} of ${node.attempts.length}` : ""],
      ["Execution", node.execution ? html`<a href=${href("/lineage", { focus: `execution:${node.execution}` })}>${node.execution}</a>` : ""],
    ]} />
    <${Ports} title="Read" ports=${node.inputs} />
    <${Ports} title="Made" ports=${node.outputs} />
    <${Parameters} parameters=${node.parameters} />
    ${node.attempts?.length > 1 && html`<${Attempts} attempts=${node.attempts} />`}
    ${node.has_log && html`<${Log} run=${run} node=${node} />`}
  </aside>`;
}

const wholeOf = (node) => (node.started && node.ended ? node.ended - node.started : 0);

function Verdict({ node }) {
  const { text, changed = [], stands_for: origin } = node.verdict ?? {};
  if (!text && !node.reason) return null;
  return html`<div class="verdict">
    <p>${text || node.reason}${text && node.reason && !text.includes(node.reason) ? html`: ${node.reason}` : ""}</p>
    ${origin && html`<p>Made by execution <a href=${href("/lineage", { focus: `execution:${origin.execution}` })}>${origin.execution}</a>${origin.run ? html` in <${RunLink} id=${origin.run} />` : ""}.</p>`}
    ${changed.length > 0 && html`<table class="changes"><caption class="hidden">Parts of the key that changed</caption><tbody>
      ${changed.map(({ part, before, after }) => html`<tr><th scope="row">${part}</th><td><del>${shorter(before)}</del><ins>${shorter(after)}</ins></td></tr>`)}
    </tbody></table>`}
  </div>`;
}

/** Show the start of a digest, and all of anything else. */
const shorter = (value) => {
  const text = value === null || value === undefined || value === "" ? "none" : plain(value);
  return /^[0-9a-f]{32,}$/.test(text) ? text.slice(0, 12) : text;
};

function Fault({ error }) {
  return html`<div class="fault is-failed"><strong>${error.type}</strong><p>${error.message}</p>
    ${error.frame && html`<pre class="frame">${typeof error.frame === "string" ? error.frame : plain(error.frame)}</pre>`}
    ${error.traceback && html`<details><summary>Traceback</summary><pre>${error.traceback}</pre></details>`}
  </div>`;
}

function Ports({ title, ports }) {
  if (!ports?.length) return null;
  return html`<section><h3>${title}</h3><ul class="ports">
    ${ports.map((port) => html`<li><span class="port">${port.name}${port.index ? `[${port.index}]` : ""}${port.resolver ? html`<small title="Found by a resolver in an earlier run">${port.resolver}</small>` : ""}</span>
      ${port.artifact ? html`<${ArtifactLink} id=${port.artifact} type=${port.type}>${port.label ?? `${port.type} ${port.artifact}`}<//>` : html`<span class="quiet">${port.label ?? "nothing"}</span>`}
      ${port.summary && html`<p class="summary">${port.summary}</p>`}</li>`)}
  </ul></section>`;
}

function Parameters({ parameters }) {
  const pairs = Object.entries(parameters ?? {});
  if (!pairs.length) return null;
  return html`<section><h3>Parameters</h3><dl class="pairs">
    ${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd class="mono">${value !== null && typeof value === "object" ? html`<${Structure} value=${value} />` : plain(value)}</dd></div>`)}
  </dl></section>`;
}

function Structure({ value }) {
  const text = JSON.stringify(value);
  if (text.length < 60) return text;
  return html`<details><summary>${text.slice(0, 48)}…</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>`;
}

const Attempts = ({ attempts }) => html`<section><h3>Attempts</h3><ul class="ports">
  ${attempts.map((one) => html`<li><span class="port">${one.attempt}</span><${State} state=${one.state} /> <span class="quiet">${one.ended ? `${duration(one.ended - one.started)} from start to end` : ""}</span></li>`)}
</ul></section>`;

const LINES = 200;

function Log({ run, node }) {
  const [text, setText] = useState(null);
  const [lines, setLines] = useState(LINES);
  const box = useRef(null);
  const path = `runs/${encodeURIComponent(run.id)}/nodes/${encodeURIComponent(node.id)}/log`;
  useEffect(() => {
    let still = true;
    const load = () => askText(path, { tail: lines }).then((found) => still && setText(found), () => still && setText(""));
    load();
    const timer = node.state === "RUNNING" ? setInterval(load, 2000) : 0;
    return () => {
      still = false;
      clearInterval(timer);
    };
  }, [path, lines, node.state]);
  useEffect(() => void (box.current && (box.current.scrollTop = box.current.scrollHeight)), [text]);
  return html`<section><h3>Log${isStatic ? html`<span class="note">its last ${LINES} lines</span>` : ""}<span class="grow" />${text && html`<${Copy} text=${text} />`}</h3>
    ${text === null ? html`<p class="quiet">…</p>` : html`<pre class="log" ref=${box} tabindex="0">${text || "It printed nothing."}</pre>`}
    ${!isStatic && text && text.split("\n").length > lines && html`<button type="button" class="button is-small" onClick=${() => setLines(lines * 5)}>Show more</button>`}
  </section>`;
}
