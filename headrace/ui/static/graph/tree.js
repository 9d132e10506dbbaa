// The twin of a graph as a tree, for arrow keys and screen readers: the same vertices, walked from the focus both ways.
import { html, names, useEffect, useMemo, useRef, useState } from "../html.js";
import { count } from "../format.js";
import { State, TypeIcon } from "../icons.js";
import { neighbours, reach } from "./walk.js";

/** Show `vertices` and `edges` as a tree; `describe(vertex)` says the line of one. */
export function Tree({ vertices, edges, focus, chosen, onChoose, onOpen, describe }) {
  const byId = useMemo(() => new Map(vertices.map((vertex) => [vertex.id, vertex])), [vertices]);
  const roots = useMemo(() => rootsOf(vertices, edges, focus), [vertices, edges, focus]);
  const [turned, setTurned] = useState(() => new Set());
  const [at, setAt] = useState(null);
  const list = useRef(null);
  useEffect(() => setTurned(new Set()), [roots.join()]);
  const rows = useMemo(() => rowsOf(roots, edges, byId, turned, focus.length > 0, new Set(focus)), [roots, edges, byId, turned, focus]);
  const now = Math.max(0, rows.findIndex((row) => row.path === at));
  const move = (to) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!row) return;
    setAt(row.path);
    list.current?.querySelectorAll("[role=treeitem]")[rows.indexOf(row)]?.focus();
  };
  const toggle = (row, wanted) => {
    const next = new Set(turned);
    if (wanted === row.open) return;
    if (!next.delete(row.path)) next.add(row.path);
    setTurned(next);
  };
  const keys = (event) => {
    const row = rows[now];
    if (!row) return;
    if (event.key === "ArrowDown") move(now + 1);
    else if (event.key === "ArrowUp") move(now - 1);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(rows.length - 1);
    else if (event.key === "ArrowRight") row.many && !row.open ? toggle(row, true) : move(now + 1);
    else if (event.key === "ArrowLeft") row.many && row.open ? toggle(row, false) : move(rows.findIndex((one) => one.path === row.parent));
    else if (event.key === "Enter" && row.id) event.shiftKey ? onOpen(row.id) : onChoose(row.id);
    else if (event.key === " " && row.id) onChoose(row.id);
    else return;
    event.preventDefault();
  };
  return html`<ul class="tree" role="tree" aria-label="Outline of the graph" ref=${list} onKeyDown=${keys}>
    ${rows.map((row, index) => html`<li key=${row.path} role="treeitem" aria-level=${row.level} aria-expanded=${row.many ? row.open : undefined} aria-selected=${row.id === chosen} tabindex=${index === now ? 0 : -1}
      class=${names(row.id === chosen && "is-chosen", !row.id && "is-label")} style=${{ paddingLeft: `${(row.level - 1) * 14 + 4}px` }} onFocus=${() => setAt(row.path)} onClick=${() => (row.id ? onChoose(row.id) : toggle(row, !row.open))}>
      <span class="twist" aria-hidden="true" onClick=${(event) => row.many && (event.stopPropagation(), toggle(row, !row.open))}>${row.many ? (row.open ? "▾" : "▸") : ""}</span>
      ${row.id ? html`${byId.get(row.id).kind === "execution" ? html`<${State} bare state=${byId.get(row.id).state} />` : html`<${TypeIcon} type=${byId.get(row.id).type} size=${14} />`}<span>${describe(byId.get(row.id))}</span>` : html`<span>${row.label}</span>`}
    </li>`)}
  </ul>
  ${rows.isCut && html`<p class="note" role="status">${count(new Set(rows.map((row) => row.id).filter(Boolean)).size)} of ${count(vertices.length)}, in ${count(rows.length)} lines. Close branches to see others.</p>`}`;
}

/** Choose where the tree begins: at the focus, at what is made from nothing, and wherever else not all is reached. */
export function rootsOf(vertices, edges, focus) {
  const there = focus.filter((id) => vertices.some((vertex) => vertex.id === id));
  const made = new Set(edges.map((edge) => edge.to));
  const sources = vertices.filter((vertex) => !made.has(vertex.id)).map((vertex) => vertex.id);
  const reached = { up: new Set(), down: new Set() };
  for (const id of there) for (const side of ["up", "down"]) reach(edges, id, side, reached[side]);
  const roots = [...there];
  for (const id of [...sources, ...vertices.map((vertex) => vertex.id)]) {
    if (reached.up.has(id) || reached.down.has(id)) continue;
    roots.push(id);
    reach(edges, id, "down", reached.down);
  }
  return roots;
}

const SIDES = [["up", "Made from"], ["down", "Made into"]];
const MOST = 600;
const FIRST_LEVELS = 3;

/** List the rows that are open, each with its path, level and parent. */
export function rowsOf(roots, edges, byId, turned, twoSided, focused) {
  const rows = [];
  const open = { has: (path, level) => level <= FIRST_LEVELS !== turned.has(path) };
  const branch = (id, side, path, level, parent, above) => {
    if (above.includes(id)) return;
    if (rows.length >= MOST) return void (rows.isCut = true);
    const nexts = neighbours(edges, id, side).filter((next) => byId.has(next));
    const row = { id, path, level, parent, many: nexts.length > 0, open: open.has(path, level) };
    rows.push(row);
    if (row.many && row.open) for (const next of nexts) branch(next, side, `${path}/${next}`, level + 1, path, [...above, id]);
  };
  for (const root of roots) {
    if (rows.length >= MOST) rows.isCut = true;
    if (rows.isCut) break;
    if (!twoSided || !focused.has(root)) {
      branch(root, "down", root, 1, null, []);
      continue;
    }
    rows.push({ id: root, path: root, level: 1, parent: null, many: true, open: open.has(root, 1) });
    if (!open.has(root, 1)) continue;
    for (const [side, label] of SIDES) {
      const nexts = neighbours(edges, root, side).filter((next) => byId.has(next));
      if (!nexts.length) continue;
      const path = `${root}/${side}`;
      rows.push({ id: null, label, path, level: 2, parent: root, many: true, open: open.has(path, 2) });
      if (open.has(path, 2)) for (const next of nexts) branch(next, side, `${path}/${next}`, 3, path, [root]);
    }
  }
  return rows;
}
