// The line of an edge: from the border of one box through the points between to the border of the other.
import { textWidth } from "./text.js";

const LINE = 14;

/** Write the path of an edge whose points are centres; boxes are left and entered at their borders. */
export function route(points, from, to, direction) {
  const right = direction === "right";
  const path = points.map((point) => ({ ...point }));
  const [first, last] = [path[0], path[path.length - 1]];
  const on = right ? "x" : "y";
  const size = right ? "width" : "height";
  const forward = first[on] <= last[on] ? 1 : -1;
  first[on] += (forward * from[size]) / 2;
  last[on] -= forward * (to[size] / 2 + 2);
  let text = `M${at(first)}`;
  for (let step = 1; step < path.length; step++) {
    const [before, after] = [path[step - 1], path[step]];
    const middle = (before[on] + after[on]) / 2;
    const [one, other] = right
      ? [{ x: middle, y: before.y }, { x: middle, y: after.y }]
      : [{ x: before.x, y: middle }, { x: after.x, y: middle }];
    text += `C${at(one)} ${at(other)} ${at(after)}`;
  }
  return text;
}

/** Where the names of edges are written, with a place for each or null: a name that would lie on an earlier one is left out. */
export function namePlaces(edges, routes, sizes, direction) {
  const taken = [];
  return edges.map((edge, index) => {
    const [from, to] = [sizes.get(edge.from), sizes.get(edge.to)];
    if (!edge.name || !from || !to || !routes[index]?.length) return null;
    const [place, half] = [nameAt(routes[index], from, to, direction, edge.side), nameWidth(edge) / 2];
    if (taken.some((one) => Math.abs(one.y - place.y) < LINE && Math.abs(one.x - place.x) < one.half + half)) return null;
    taken.push({ ...place, half });
    return place;
  });
}

/** How wide a name is drawn, with the room around it. */
export const nameWidth = (edge) => (edge.name ? textWidth(edge.name, 11) + 8 : 0);

/** In the gap beside its artifact, where its line is alone. */
function nameAt(points, from, to, direction, side) {
  const [on, size] = direction === "right" ? ["x", "width"] : ["y", "height"];
  const [end, next] = side === "input" ? [points[0], points[1]] : [points[points.length - 1], points[points.length - 2]];
  const [box, other] = side === "input" ? [from, to] : [to, from];
  const ahead = Math.sign(next[on] - end[on]) || 1;
  const edge = end[on] + (ahead * box[size]) / 2;
  const far = points.length === 2 ? next[on] - (ahead * other[size]) / 2 : next[on];
  const off = direction === "right" ? "y" : "x";
  const place = { [on]: (edge + far) / 2, [off]: end[off] + (next[off] - end[off]) * 0.4 };
  return { x: Math.round(place.x), y: Math.round(place.y) + 4 };
}

const at = ({ x, y }) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
