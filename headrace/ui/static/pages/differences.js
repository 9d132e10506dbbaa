// The differences of a comparison as sections, from what was configured down to what came of it.
import { html, names } from "../html.js";
import { href } from "../router.js";
import { number, percent, plain, plural, signed } from "../format.js";
import { State } from "../icons.js";
import { Section } from "../parts/bits.js";

/** List the sections in which something differs, each with how much. */
export function sectionsOf(value) {
  const commits = JSON.stringify(value.commits?.[0]) === JSON.stringify(value.commits?.[1]) ? [] : [value.commits];
  const all = [
    ["parameters", "Parameters", value.parameters, Parameters, "parameters"],
    ["code", "Code", [...commits.map((pair) => ({ module: "commit", before: pair[0].join(", "), after: pair[1].join(", "), nodes: [] })), ...(value.code ?? [])], Code, "modules"],
    ["environment", "Environment", value.environment, Parts, "in the environment"],
    ["data", "Data", (value.data ?? []).flatMap((data) => data.changes.map((change) => ({ ...change, part: `${data.node || data.type}: ${change.part}` }))), Parts, "in the data"],
    ["statistics", "Statistics", flat(value.statistics), Statistics, "features by split"],
    ["schema", "Schema", flat(value.schema), Schema, "schema entries"],
    ["properties", "Properties", value.properties, Parts, "properties"],
    ["metrics", "Metrics", flat(value.metrics), Metrics, "metrics by slice"],
    ["nodes", "Nodes", value.nodes, Nodes, "nodes"],
  ];
  return all.filter(([, , rows]) => rows?.length).map(([id, title, rows, View, noun]) => ({ id, title, rows, View, noun, n: rows.length }));
}

const flat = (groups) => (groups ?? []).flatMap((group) => {
  const [of, rows] = Array.isArray(group) ? group : [group.of ?? group, group.changes ?? group.features ?? []];
  return rows.map((row) => ({ ...row, of }));
});

export const Differences = ({ sections }) => sections.map(({ id, title, rows, View }) => html`<${Section} key=${id} id=${id} title=${title} note=${rows.length}><${View} rows=${rows} /><//>`);

const Table = ({ columns, children }) => html`<div class="table-scroll"><table class="table diff-table"><thead><tr>${columns.map(([name, kind]) => html`<th class=${kind}>${name}</th>`)}</tr></thead><tbody>${children}</tbody></table></div>`;
const inNode = (of) => (of?.node ? `${of.node}.${of.output}` : "");

function Metrics({ rows }) {
  const largest = Math.max(...rows.map((row) => Math.abs(changeOf(row) ?? 0)), 1e-12);
  return html`<${Table} columns=${[["Slice"], ["Metric"], ["First", "num"], ["Second", "num"], ["Change", "num"], [""]]}>${rows.map((row) => {
    const change = changeOf(row);
    const good = change === null || !row.better ? "" : (row.better === "higher") === change > 0 ? "is-better" : "is-worse";
    return html`<tr class=${names(row.slice === "overall" && "is-overall")}><td>${row.slice}</td><td>${row.metric}</td><td class="num">${number(row.before)}</td><td class="num">${number(row.after)}</td><td class="num beside"><b class=${good}>${change === null ? "–" : signed(change)}</b></td><td><${Bar} share=${(change ?? 0) / largest} good=${good} /></td></tr>`;
  })}<//>`;
}

const changeOf = (row) => (row.before === null || row.after === null ? null : row.after - row.before);

/** A bar from the middle: left for less, right for more. */
const Bar = ({ share, good }) => html`<span class=${`delta ${good}`} aria-hidden="true"><i style=${{ width: `${50 * Math.abs(share)}%`, [share < 0 ? "right" : "left"]: "50%" }} /></span>`;

function Statistics({ rows }) {
  const drift = (row) => (row.is_category ? row.infinity_norm : row.jensen_shannon) ?? 0;
  return html`<${Table} columns=${[["Feature"], ["Split"], ["Drift"], ["L-infinity", "num"], ["Jensen–Shannon", "num"], ["Missing", "num"], ["Values"]]}>${rows.map((row) => html`<tr>
    <td><a href=${href(`/artifacts/${row.of.after || row.of.before}`)}><strong>${row.feature}</strong></a>${row.kind !== "changed" && html` <span class="mark">${row.kind === "only_first" ? "only in the first" : "only in the second"}</span>`}</td><td>${row.split}</td>
    <td><span class="share side-0"><i class="is-long"><b style=${{ width: `${Math.min(100, 100 * drift(row))}%` }} /></i></span></td>
    <td class="num">${number(row.infinity_norm, 3)}</td><td class="num">${number(row.jensen_shannon, 3)}</td><td class="num nowrap">${missing(row.missing)}</td>
    <td class="values-of">${(row.appeared ?? []).slice(0, 4).map((value) => html`<span class="tag is-new">+ ${value}</span>`)}${(row.vanished ?? []).slice(0, 4).map((value) => html`<span class="tag is-old">− ${value}</span>`)}${row.unique?.[0] !== row.unique?.[1] && row.unique?.[0] !== null ? html`<small> ${row.unique[0]} → ${row.unique[1]} values</small>` : ""}</td></tr>`)}<//>`;
}

const missing = ([before, after] = []) => (before === after ? percent(before) : html`<del>${percent(before)}</del>${percent(after)}`);

const Schema = ({ rows }) => html`<${Table} columns=${[["Feature"], ["What"], ["First"], ["Second"]]}>${rows.map((row) => html`<tr><td><strong>${row.feature}</strong></td><td>${row.what}</td><${Pair} row=${row} /></tr>`)}<//>`;

const Parameters = ({ rows }) => html`<${Table} columns=${[["Parameter"], ["Of"], ["First"], ["Second"]]}>${rows.map((row) => html`<tr><td><strong>${row.name}</strong></td><td class="quiet">${row.node || "the run"}</td><${Pair} row=${row} origins=${row.origins} /></tr>`)}<//>`;

const Code = ({ rows }) => html`<${Table} columns=${[["Module"], ["Used by"], ["First"], ["Second"]]}>${rows.map((row) => html`<tr><td class="mono">${row.module}</td><td class="quiet">${(row.nodes ?? []).join(", ")}</td><${Pair} row=${row} /></tr>`)}<//>`;

const Parts = ({ rows }) => html`<${Table} columns=${[["What"], ["First"], ["Second"]]}>${rows.map((row) => html`<tr><td><strong>${row.part}</strong></td><${Pair} row=${row} /></tr>`)}<//>`;

const Pair = ({ row, origins }) => html`<td class="mono side-value is-old">${shown(row.before)}${origins?.[0] && html`<small> ${origins[0]}</small>`}</td><td class="mono side-value is-new">${shown(row.after)}${origins?.[1] && html`<small> ${origins[1]}</small>`}</td>`;

/** Show a value that is written as JSON, a digest by its start, nothing as a word. */
function shown(text) {
  if (text === "" || text === null || text === undefined) return html`<span class="quiet">none</span>`;
  if (/^[0-9a-f]{32,}$/.test(text)) return text.slice(0, 12);
  try {
    return plain(JSON.parse(text));
  } catch {
    return text;
  }
}

const VERDICTS = { changed: "changed", only_first: "only in the first", only_second: "only in the second", same: "nothing that decides it differs" };

function Nodes({ rows }) {
  return html`<${Table} columns=${[["Node"], ["First"], ["Second"], ["Why"]]}>${rows.map((row) => html`<tr><td><strong>${row.node}</strong>${row.item !== null && row.item !== undefined ? `[${row.item}]` : ""}</td>
    <td>${row.states[0] ? html`<${State} state=${row.states[0]} />` : html`<span class="quiet">none</span>`}</td><td>${row.states[1] ? html`<${State} state=${row.states[1]} />` : html`<span class="quiet">none</span>`}</td>
    <td>${row.changes?.length ? html`<details><summary>${plural(row.changes.length, "part")}: ${row.changes.slice(0, 2).map((change) => change.part).join(", ")}${row.changes.length > 2 ? "…" : ""}</summary><table class="changes"><tbody>${row.changes.map((change) => html`<tr><th scope="row">${change.part}</th><td><del>${shown(change.before)}</del><ins>${shown(change.after)}</ins></td></tr>`)}</tbody></table></details>` : html`<span class="quiet">${VERDICTS[row.verdict] ?? row.verdict}</span>`}</td></tr>`)}<//>`;
}
