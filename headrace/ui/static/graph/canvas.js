// A graph on the page: laid out by the worker, moved and scaled by pointer, wheel and keys.
import { html, names, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { Icon } from "../icons.js";
import { useLayout } from "./use_layout.js";
import { namePlaces, nameWidth, route } from "./route.js";
import { nearest } from "./nearest.js";

const LEAST = 0.08;
const MOST = 2;
const SMALL = 0.45;
const PAD = 24;
const FOOT = 36;

/**
 * Draw `vertices` ({id, width, height, label, draw: () => SVG inside its box}) and `edges` ({from, to, kind, label}).
 * `chosen` is an id; `onChoose(id)` and `onOpen(id)` tell what is clicked, or reached by arrow keys and opened by Enter.
 */
export function Graph({ vertices, edges, direction = "right", chosen, onChoose, onOpen, label, focus, svgRef, children, gap, layerGap, height, lit, roam = false }) {
  const frame = useRef(null);
  const [view, setView] = useState(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const room = useRoom(size, vertices);
  const rightGap = useMemo(() => Math.max(layerGap ?? 0, ...edges.map(nameWidth)), [edges, layerGap]) || undefined;
  const found = useLayout(vertices, edges, { direction, gap, layerGap, rightGap, ...(direction === "auto" && { room }) });
  const named = useMemo(() => (found ? namePlaces(edges, found.routes, sizesOf(vertices), found.direction) : []), [edges, vertices, found]);
  const moved = useRef(false);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setSize({ width: entry.contentRect.width, height: entry.contentRect.height }));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const fit = useCallback(() => {
    if (!found || !size.width) return;
    moved.current = false;
    setView(fitted(found, { ...size, height: size.height - (roam ? FOOT : 0) }, focus));
  }, [found, size, focus]);
  useEffect(() => {
    if (!moved.current || !view) fit();
  }, [fit]);
  useEffect(() => {
    if (!found || !view || !chosen || !found.places[chosen]) return;
    const shown = brought(found.places[chosen], view, size);
    if (shown) setView(shown);
  }, [chosen]);
  const zoom = (factor, x = size.width / 2, y = size.height / 2) => {
    moved.current = true;
    setView((old) => scaled(old, factor, x, y));
  };
  usePointer(frame, setView, moved, Boolean(found), roam);
  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !found) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) onChoose?.(nearest(found.places, chosen, way) ?? chosen);
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (event.key === "Enter" && chosen) onOpen?.(chosen);
    else return;
    event.preventDefault();
  };
  return html`<div class="graph" ref=${frame} style=${height ? { height: `${height}px` } : undefined}>
    <svg ref=${svgRef} class="graph-svg" width=${size.width || undefined} height=${size.height || undefined} tabindex="0" role="application" aria-label=${`${label}. Arrow keys choose, Enter opens, plus and minus scale.`} onKeyDown=${keys}>
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M1 1 7 4 1 7" fill="none" stroke="context-stroke" stroke-width="1.4" stroke-linecap="round" /></marker></defs>
      ${found && view && html`<g transform=${`translate(${view.x} ${view.y}) scale(${view.k})`}>
        ${edges.map((edge, index) => html`<${Edge} key=${`${edge.from}>${edge.to}>${edge.label ?? ""}`} edge=${edge} points=${found.routes[index]} direction=${found.direction} sizes=${sizesOf(vertices)} named=${named[index]} near=${edge.from === chosen || edge.to === chosen} dim=${lit && !(lit.has(edge.from) && lit.has(edge.to))} />`)}
        ${vertices.map((vertex) => found.places[vertex.id] && html`<g key=${vertex.id} class=${names("vertex", vertex.className, vertex.id === chosen && "is-chosen", lit && !lit.has(vertex.id) && "is-dim")} data-id=${vertex.id}
          transform=${`translate(${found.places[vertex.id].x - vertex.width / 2} ${found.places[vertex.id].y - vertex.height / 2})`}
          onClick=${(event) => (event.stopPropagation(), onChoose?.(vertex.id))} onDblClick=${() => onOpen?.(vertex.id)}>
          <title>${vertex.label}</title>${vertex.draw(found.direction)}</g>`)}
      </g>`}
    </svg>
    <div class="graph-tools">
      <button type="button" class="icon-button" aria-label="Larger" title="Larger (+)" onClick=${() => zoom(1.25)}><${Icon} name="plus" /></button>
      <button type="button" class="icon-button" aria-label="Smaller" title="Smaller (−)" onClick=${() => zoom(0.8)}><${Icon} name="minus" /></button>
      <button type="button" class="icon-button" aria-label="Show all" title="Show all (0)" onClick=${fit}><${Icon} name="fit" /></button>
    </div>
    ${children}
  </div>`;
}

/** The room that a first layout was made for: later sizes alone do not turn a graph around. */
function useRoom(size, vertices) {
  const kept = useRef({ of: null, room: { width: 900, height: 640 } });
  if (size.width && kept.current.of !== vertices.length) kept.current = { of: vertices.length, room: size };
  return kept.current.room;
}

const cache = new WeakMap();
function sizesOf(vertices) {
  if (!cache.has(vertices)) cache.set(vertices, new Map(vertices.map((vertex) => [vertex.id, vertex])));
  return cache.get(vertices);
}

function Edge({ edge, points, direction, sizes, named, near, dim }) {
  const [from, to] = [sizes.get(edge.from), sizes.get(edge.to)];
  if (!from || !to || !points?.length) return null;
  return html`<path class=${names("edge", edge.className, near && "is-near", dim && "is-dim")} d=${route(points, from, to, direction)} marker-end="url(#arrow)"><title>${edge.label ?? ""}</title></path>
    ${named && html`<text class=${names("edge-name", near && "is-near", dim && "is-dim")} x=${named.x} y=${named.y} text-anchor="middle">${edge.name}</text>`}`;
}

function fitted(found, size, focus) {
  const k = Math.min(1, (size.width - 2 * PAD) / Math.max(found.width, 1), (size.height - 2 * PAD) / Math.max(found.height, 1));
  const at = found.places[focus];
  const readable = Math.max(LEAST, k < SMALL && at ? 0.7 : k);
  const wanted = at && readable > k ? at : { x: found.width / 2, y: found.height / 2 };
  const middle = { x: within(wanted.x, found.width, size.width / readable), y: within(wanted.y, found.height, size.height / readable) };
  return { k: readable, x: size.width / 2 - middle.x * readable, y: size.height / 2 - middle.y * readable };
}

/** Keep a middle so far inside that no room beside the graph is shown where there is more of the graph. */
function within(middle, whole, room) {
  const half = room / 2 - PAD;
  return whole <= 2 * half ? whole / 2 : Math.min(whole - half, Math.max(half, middle));
}

function scaled(view, factor, x, y) {
  if (!view) return view;
  const k = Math.min(MOST, Math.max(LEAST, view.k * factor));
  const ratio = k / view.k;
  return { k, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio };
}

/** Move the view so far that a point is on it; null where it is already. */
function brought(at, view, size) {
  const [x, y] = [at.x * view.k + view.x, at.y * view.k + view.y];
  const [edgeX, edgeY] = [Math.min(90, size.width / 4), Math.min(60, size.height / 4)];
  const dx = x < edgeX ? edgeX - x : x > size.width - edgeX ? size.width - edgeX - x : 0;
  const dy = y < edgeY ? edgeY - y : y > size.height - edgeY ? size.height - edgeY - y : 0;
  return dx || dy ? { ...view, x: view.x + dx, y: view.y + dy } : null;
}

/** Drag to move, wheel with Ctrl (or a pinch) to scale, two fingers to scale; `roam`: the wheel moves. */
function usePointer(frame, setView, moved, ready, roam) {
  useEffect(() => {
    const element = frame.current;
    const fingers = new Map();
    const at = (event) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const wheel = (event) => {
      if (!roam && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      moved.current = true;
      const { x, y } = at(event);
      if (event.ctrlKey || event.metaKey) setView((old) => scaled(old, Math.exp(-event.deltaY / 200), x, y));
      else setView((old) => old && { ...old, x: old.x - event.deltaX, y: old.y - event.deltaY });
    };
    const down = (event) => {
      if (event.button || event.target.closest(".graph-tools,button,a,.over-graph")) return;
      fingers.set(event.pointerId, at(event));
    };
    const move = (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      if (fingers.size === 1 && Math.hypot(now.x - before.x, now.y - before.y) < 3 && !element.hasPointerCapture(event.pointerId)) return;
      if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
      moved.current = true;
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (other) {
        const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
        setView((old) => scaled(old, factor, other.x, other.y));
      } else setView((old) => old && { ...old, x: old.x + now.x - before.x, y: old.y + now.y - before.y });
    };
    const up = (event) => void fingers.delete(event.pointerId);
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
    };
  }, [ready]);
}
