// What determined an artifact: data, code, parameters and environment, as short lists.
import { html } from "../html.js";
import { href } from "../router.js";
import { plain } from "../format.js";
import { Section } from "../parts/bits.js";

const GROUPS = [["data", "Data"], ["code", "Code"], ["parameters", "Parameters"], ["environment", "Environment"]];
const FIRST = 8;

export function Blame({ blame }) {
  const groups = GROUPS.filter(([key]) => blame[key]?.length);
  if (!groups.length) return null;
  return html`<${Section} title="Determined by"><div class="blame">
    ${groups.map(([key, title]) => html`<div><h3>${title}<span class="note">${blame[key].length}</span></h3><${Leaves} leaves=${blame[key]} kind=${key} /></div>`)}
  </div><//>`;
}

function Leaves({ leaves, kind }) {
  const rows = leaves.map((leaf) => html`<li>${line(leaf, kind)}</li>`);
  return html`<ul>${rows.slice(0, FIRST)}</ul>${rows.length > FIRST && html`<details><summary>${rows.length - FIRST} more</summary><ul>${rows.slice(FIRST)}</ul></details>`}`;
}

function line(leaf, kind) {
  const link = leaf.href ?? (leaf.artifact ? `/artifacts/${leaf.artifact}` : null);
  const title = leaf.title ?? leaf.module ?? leaf.source ?? leaf.commit?.slice?.(0, 10) ?? leaf.type ?? leaf.name ?? plain(leaf);
  const named = kind === "parameters" && leaf.node ? `${leaf.node}.${leaf.name}` : title;
  const value = "value" in leaf ? plain(leaf.value) : (leaf.version ?? null);
  return html`<span class="leaf">${link ? html`<a href=${href(link)}>${named}</a>` : html`<span class=${kind === "data" ? "" : "mono"}>${named}</span>`}
    ${value !== null && html` <span class="mono quiet">${value}</span>`}
    ${leaf.span !== undefined && leaf.span !== null && html` <small>span ${leaf.span}</small>`}
    ${leaf.origin && html` <small>${leaf.origin}</small>`}
    ${leaf.dirty && html` <small>files changed since</small>`}
    ${typeof leaf.digest === "string" && leaf.digest && html` <small class="mono">${leaf.digest.slice(0, 10)}</small>`}</span>`;
}
