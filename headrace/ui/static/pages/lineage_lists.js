// Groups of a graph lead to lists of what is in them.

/** Where the members of a group are listed; null for what is no group. */
export function listOf(id) {
  if (id.startsWith("type:")) return ["/artifacts", { type: id.slice(5) }];
  return id.startsWith("node:") ? ["/", { q: `node:${id.slice(5).split(".").at(-1)}` }] : null;
}
