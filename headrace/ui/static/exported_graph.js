// Walks over the graph of a whole store, as the server walks it (headrace/lineage/query.py), for pages without one.

const LIMIT = 400;

/** Sort the exported graph by its vertices: `up` are the edges to what each was made from, `down` to what it was made into. */
export function indexed({ vertices, edges }) {
  const [up, down] = [new Map(), new Map()];
  for (const { id } of vertices) for (const way of [up, down]) way.set(id, []);
  for (const edge of edges) {
    up.get(edge.to).push(edge);
    down.get(edge.from).push(edge);
  }
  return { vertices, up, down, byId: new Map(vertices.map((vertex) => [vertex.id, vertex])) };
}

/** Answer what is around a focus: `{up, down, until, within_run}` as in the address of a question. */
export function walkOf(graph, focus, query) {
  const start = startOf(graph, focus);
  const run = query.within_run === "1" ? (focus.startsWith("run:") ? focus.slice(4) : graph.byId.get(focus)?.run) : "";
  const walks = ["up", "down"].map((way) => walk(graph, start, way, { depth: depthOf(query[way]), until: query.until, run }));
  return { ...answerOf(graph, start, walks, walks), reference: focus.replace(/^run:/, "") };
}

/** Answer with all that was made from something, with the cached executions that used it. */
export function impactOf(graph, focus) {
  const start = startOf(graph, focus);
  const found = walk(graph, start, "down", { depth: Infinity, cached: true });
  return answerOf(graph, start, [found], []);
}

const depthOf = (text) => (text === undefined ? 2 : text === "all" ? Infinity : Number(text));

const startOf = (graph, focus) =>
  focus.startsWith("run:") ? graph.vertices.filter((one) => one.kind === "execution" && `run:${one.run}` === focus).map((one) => one.id) : [focus];

function walk(graph, start, way, { depth, until, run, cached }) {
  const far = way === "up" ? "from" : "to";
  const distances = new Map(start.map((id) => [id, 0]));
  const edges = new Set();
  const beyond = new Map();
  let coming = [...start];
  while (coming.length) {
    const next = [];
    for (const id of coming) {
      const vertex = graph.byId.get(id);
      const isEnd = until && vertex.type === until && vertex.kind === "artifact" && distances.get(id) > 0;
      for (const edge of graph[way].get(id) ?? []) {
        if (edge.folded && !cached && vertex.kind === "artifact") continue;
        const other = graph.byId.get(edge[far]);
        const isExecution = other.kind === "execution";
        const distance = distances.get(id) + (isExecution ? 1 : 0);
        const isNew = !distances.has(other.id);
        if (isNew && (isEnd || distance > depth || (run && isExecution && other.run !== run))) {
          beyond.set(id, (beyond.get(id) ?? 0) + 1);
          continue;
        }
        edges.add(edge);
        if (!isNew) continue;
        distances.set(other.id, distance);
        next.push(other.id);
      }
    }
    coming = next;
  }
  return { way, distances, edges, beyond };
}

/** Put walks together; of more than can be drawn the nearest are shown, and how many there are is said. */
function answerOf(graph, start, walks, counted) {
  const distances = new Map();
  for (const found of walks) for (const [id, distance] of found.distances) if (!distances.has(id)) distances.set(id, distance);
  const nearest = [...distances].sort(([, one], [, other]) => one - other).slice(0, LIMIT).map(([id]) => id);
  const kept = new Set(nearest);
  const beyond = (id, way) => counted.find((found) => found.way === way)?.beyond.get(id) ?? 0;
  const vertices = nearest.map((id) => ({ ...graph.byId.get(id), beyond: { up: beyond(id, "up"), down: beyond(id, "down") } }));
  const edges = [...new Set(walks.flatMap((found) => [...found.edges]))].filter((edge) => kept.has(edge.from) && kept.has(edge.to));
  const [shown, total] = [vertices.length, distances.size];
  const note = shown < total ? `${shown.toLocaleString("en")} of ${total.toLocaleString("en")}` : "";
  return { version: 1, focus: start, vertices, edges, shown, total, collapsed: false, note };
}
