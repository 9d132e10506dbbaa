// Layouts from the worker, as state of a page; here where a browser starts no worker.
import { useEffect, useState } from "../html.js";
import { layout } from "./layout.js";

let worker;
let turn = 0;
const waiting = new Map();

function ask(vertices, edges, options) {
  if (worker === undefined) worker = started();
  if (!worker) return Promise.resolve(layout(vertices, edges, options));
  return new Promise((resolve) => {
    const mine = ++turn;
    waiting.set(mine, { resolve, again: () => layout(vertices, edges, options) });
    worker.postMessage({ turn: mine, vertices, edges, options });
  });
}

function started() {
  try {
    const made = new Worker(new URL("./layout_worker.js", import.meta.url), { type: "module" });
    made.onmessage = ({ data }) => {
      waiting.get(data.turn)?.resolve(data);
      waiting.delete(data.turn);
    };
    made.onerror = () => {
      worker = null;
      for (const { resolve, again } of waiting.values()) resolve(again());
      waiting.clear();
    };
    return made;
  } catch {
    return null;
  }
}

/** Lay out a graph whenever its shape changes; null until the first layout is there. */
export function useLayout(vertices, edges, options) {
  const [found, setFound] = useState(null);
  const sizes = vertices.map(({ id, width, height }) => ({ id, width, height }));
  const ends = edges.map(({ from, to }) => ({ from, to }));
  const shape = JSON.stringify([sizes, ends, options]);
  useEffect(() => {
    let still = true;
    ask(sizes, ends, options).then((result) => still && setFound({ ...result, shape }));
    return () => void (still = false);
  }, [shape]);
  return found?.shape === shape ? found : found && subset(found, vertices, edges) ? found : null;
}

const subset = (found, vertices, edges) => found.routes.length === edges.length && vertices.every((vertex) => found.places[vertex.id]);
