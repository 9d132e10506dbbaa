// Which vertex an arrow key leads to.

/** Find the place that lies nearest in a direction, what is straight ahead first; null where there is none. */
export function nearest(places, from, [dx, dy]) {
  const ids = Object.keys(places);
  if (!from || !places[from]) return ids[0] ?? null;
  const start = places[from];
  let best = null;
  let least = Infinity;
  for (const id of ids) {
    if (id === from) continue;
    const ahead = (places[id].x - start.x) * dx + (places[id].y - start.y) * dy;
    const aside = Math.abs((places[id].x - start.x) * dy) + Math.abs((places[id].y - start.y) * dx);
    const cost = ahead + 2 * aside;
    if (ahead > 1 && cost < least) [best, least] = [id, cost];
  }
  return best;
}
