// A view that grew: what the server answered, with what was opened in place and what is pinned.
import { useEffect, useMemo, useState } from "../html.js";
import { ask } from "../api.js";

const NONE = { vertices: [], edges: [], focus: [] };

export function useGrown(answer, question) {
  const [extra, setExtra] = useState({});
  const wanted = [...question.opened, ...question.pins.map((id) => `${id}~pin`)];
  useEffect(() => {
    for (const key of wanted) {
      if (key in extra) continue;
      const [id, way] = key.split("~");
      const depth = { up: way === "down" ? 0 : 1, down: way === "up" ? 0 : 1 };
      setExtra((old) => ({ ...old, [key]: old[key] ?? NONE }));
      ask("lineage", { focus: id, ...depth, kinds: question.kinds === "both" ? "" : question.kinds }).then(
        (found) => setExtra((old) => ({ ...old, [key]: found })),
        () => undefined,
      );
    }
  }, [wanted.join()]);
  return useMemo(() => merged(answer ?? NONE, wanted.map((key) => [key, extra[key] ?? NONE])), [answer, extra, wanted.join()]);
}

function merged(answer, additions) {
  if (!additions.length) return answer;
  const vertices = new Map(answer.vertices.map((vertex) => [vertex.id, vertex]));
  const edges = new Map(answer.edges.map((edge) => [nameOf(edge), edge]));
  for (const [key, found] of additions) {
    const pinned = key.endsWith("~pin") ? key.slice(0, -4) : null;
    for (const vertex of found.vertices) if (!pinned || vertex.id === pinned) vertices.set(vertex.id, vertices.get(vertex.id) ?? vertex);
  }
  for (const [, found] of additions) {
    for (const edge of found.edges) if (vertices.has(edge.from) && vertices.has(edge.to)) edges.set(nameOf(edge), edges.get(nameOf(edge)) ?? edge);
  }
  return { ...answer, vertices: withBeyond([...vertices.values()], [...edges.values()], additions), edges: [...edges.values()] };
}

/** What was opened has no neighbours out of sight on that side any more. */
function withBeyond(vertices, edges, additions) {
  const opened = new Set(additions.filter(([, found]) => found !== NONE).map(([key]) => key));
  return vertices.map((vertex) => {
    const beyond = { ...(vertex.beyond ?? {}) };
    for (const way of ["up", "down"]) if (opened.has(`${vertex.id}~${way}`)) beyond[way] = 0;
    return { ...vertex, beyond };
  });
}

const nameOf = (edge) => `${edge.from}>${edge.to}>${edge.label}`;
