// The line of an edge: from the border of one box through the points between to the border of the other.

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

/** Where the name of an input or output is written: in the gap beside its artifact, where its line is alone. */
export function nameAt(points, from, to, direction, side) {
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
