// Walks over edges that the page already has.

/** Find what a vertex was made from and what was made from it, itself with them. */
export function connected(edges, start) {
  const found = new Set([start]);
  for (const [near, far] of [["from", "to"], ["to", "from"]]) {
    const nexts = new Map();
    for (const edge of edges) nexts.set(edge[near], [...(nexts.get(edge[near]) ?? []), edge[far]]);
    const stack = [start];
    const seen = new Set(stack);
    while (stack.length) {
      for (const next of nexts.get(stack.pop()) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        found.add(next);
        stack.push(next);
      }
    }
  }
  return found;
}

/** Add a vertex and all that it leads to on one side to `reached`, which holds whole walks of that side. */
export function reach(edges, start, side, reached) {
  const [near, far] = side === "up" ? ["to", "from"] : ["from", "to"];
  const nexts = byEnd(edges, near);
  const stack = [start];
  while (stack.length) {
    const id = stack.pop();
    if (reached.has(id)) continue;
    reached.add(id);
    for (const edge of nexts.get(id) ?? []) stack.push(edge[far]);
  }
}

const sorted = new WeakMap();

/** Sort edges by one of their ends, once for each list of them. */
function byEnd(edges, end) {
  const known = sorted.get(edges) ?? {};
  sorted.set(edges, known);
  if (known[end]) return known[end];
  known[end] = new Map();
  for (const edge of edges) {
    if (!known[end].has(edge[end])) known[end].set(edge[end], []);
    known[end].get(edge[end]).push(edge);
  }
  return known[end];
}

/** List the neighbours of a vertex on one side ("up": what it was made from), each once. */
export function neighbours(edges, id, side) {
  const [near, far] = side === "up" ? ["to", "from"] : ["from", "to"];
  return [...new Set((byEnd(edges, near).get(id) ?? []).map((edge) => edge[far]))];
}
