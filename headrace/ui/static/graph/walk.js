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

/** List the neighbours of a vertex on one side ("up": what it was made from), each once. */
export function neighbours(edges, id, side) {
  const [near, far] = side === "up" ? ["to", "from"] : ["from", "to"];
  return [...new Set(edges.filter((edge) => edge[near] === id).map((edge) => edge[far]))];
}
