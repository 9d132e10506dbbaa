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

const at = ({ x, y }) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
