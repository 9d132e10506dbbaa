// Where the vertices of a graph go: layers by longest path, order by barycentre, places by the mean of the neighbours.
// Each step is linear in vertices and edges, for a fixed number of sweeps. Works on sizes alone, in a worker.

const SWEEPS = 8;
const STRAIGHT = 8;
const PREFERRED = 1.2;
const POINTS = 2000;
const POINTS_EACH = 8;

/**
 * Lay out `vertices` ({id, width, height}) and `edges` ({from, to}); layers run left to right ("right"), downwards
 * ("down"), or whichever shows it larger on `room` ("auto"). Returns {places: {id: {x, y}}, routes: [[{x, y}, …] for
 * each edge], width, height, direction}: centres of boxes. Layers have a distance of `layerGap`, from left to right of
 * `rightGap`, where names stand between them.
 */
export function layout(vertices, edges, options = {}) {
  if (options.direction !== "auto") return directed(vertices, edges, options);
  const [right, down] = ["right", "down"].map((direction) => directed(vertices, edges, { ...options, direction }));
  const scale = ({ width, height }) => Math.min(1, options.room.width / (width + 48), options.room.height / (height + 48));
  return scale(down) > PREFERRED * scale(right) ? down : right;
}

function directed(vertices, edges, { direction = "right", gap = 24, layerGap: between = 72, rightGap = between }) {
  const layerGap = direction === "right" ? rightGap : between;
  const joined = new Set(edges.flatMap((edge) => (edge.from === edge.to ? [] : [edge.from, edge.to])));
  const alone = vertices.filter((vertex) => !joined.has(vertex.id));
  const found = layered(vertices.filter((vertex) => joined.has(vertex.id)), edges, { direction, gap, layerGap });
  return alone.length ? withRows(found, alone, gap) : found;
}

/** Put what is joined to nothing into rows below. */
function withRows(found, alone, gap) {
  const [wide, high] = ["width", "height"].map((side) => Math.max(...alone.map((vertex) => vertex[side])) + gap);
  const columns = Math.max(1, Math.floor((found.width + gap) / wide), Math.ceil(Math.sqrt((alone.length * high * 1.4) / wide)));
  const top = found.height ? found.height + 2 * gap : 0;
  alone.forEach((vertex, index) => {
    found.places[vertex.id] = { x: (index % columns) * wide + vertex.width / 2, y: top + Math.floor(index / columns) * high + vertex.height / 2 };
  });
  const width = Math.max(found.width, Math.min(columns, alone.length) * wide - gap);
  return { ...found, width, height: top + Math.ceil(alone.length / columns) * high - gap };
}

function layered(vertices, edges, { direction, gap, layerGap }) {
  if (!vertices.length) return { places: {}, routes: edges.map(() => []), width: 0, height: 0, direction };
  const across = direction === "right" ? "height" : "width";
  const along = direction === "right" ? "width" : "height";
  const graph = prepared(vertices, edges, across, along);
  const layerOf = tightened(graph, longestPaths(graph));
  const chains = withDummies(graph, layerOf);
  const layers = ordered(graph);
  placed(graph, layers, gap);
  return drawn(graph, layers, chains, edges, { direction, layerGap });
}

function prepared(vertices, edges, across, along) {
  const cells = vertices.map((vertex) => ({ id: vertex.id, size: vertex[across], depth: vertex[along], outs: [], ins: [], at: 0, real: true }));
  const index = new Map(vertices.map((vertex, number) => [vertex.id, number]));
  const links = edges.map((edge) => [index.get(edge.from), index.get(edge.to)]);
  const nexts = cells.map(() => []);
  for (const [from, to] of links) if (from !== undefined && to !== undefined && from !== to) nexts[from].push(to);
  return { cells, links, nexts, back: backEdges(nexts) };
}

/** Find the edges that close a circle, so that the rest has an order: where nothing leads on, the first that is given does. */
function backEdges(nexts) {
  const waiting = new Int32Array(nexts.length);
  for (const tos of nexts) for (const to of tos) waiting[to]++;
  const ready = [...waiting.keys()].filter((cell) => waiting[cell] === 0);
  const seen = new Set(ready);
  for (let turn = 0, first = 0; turn < nexts.length; turn++) {
    if (turn === ready.length) {
      while (seen.has(first)) first++;
      seen.add(first);
      ready.push(first);
    }
    for (const to of nexts[ready[turn]]) {
      if (--waiting[to] > 0 || seen.has(to)) continue;
      seen.add(to);
      ready.push(to);
    }
  }
  const rank = new Int32Array(nexts.length);
  ready.forEach((cell, turn) => (rank[cell] = turn));
  return new Set(nexts.flatMap((tos, from) => tos.filter((to) => rank[to] < rank[from]).map((to) => from * nexts.length + to)));
}

const isBack = (graph, from, to) => graph.back.has(from * graph.nexts.length + to);

function forward(graph) {
  return graph.nexts.map((nexts, from) => nexts.filter((to) => !isBack(graph, from, to)));
}

/** Give each vertex the number of the layer that its longest path from a source reaches. */
function longestPaths(graph) {
  const nexts = forward(graph);
  const waiting = new Int32Array(nexts.length);
  for (const tos of nexts) for (const to of tos) waiting[to]++;
  const layerOf = new Int32Array(nexts.length);
  const ready = [...waiting.keys()].filter((cell) => waiting[cell] === 0);
  graph.topological = [];
  for (let turn = 0; turn < ready.length; turn++) {
    const cell = ready[turn];
    graph.topological.push(cell);
    for (const to of nexts[cell]) {
      layerOf[to] = Math.max(layerOf[to], layerOf[cell] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  return layerOf;
}

/** Move what has fewer makers than readers towards its readers. */
function tightened(graph, layerOf) {
  const nexts = forward(graph);
  const makers = new Int32Array(nexts.length);
  for (const tos of nexts) for (const to of tos) makers[to]++;
  for (const cell of [...graph.topological].reverse()) {
    if (makers[cell] || !nexts[cell].length) continue;
    layerOf[cell] = Math.min(...nexts[cell].map((to) => layerOf[to])) - 1;
  }
  const least = layerOf.reduce((low, layer) => Math.min(low, layer), Infinity);
  return layerOf.map((layer) => layer - least);
}

/**
 * Cut edges over several layers into steps with a point on each layer between; returns the chain of each edge. Short
 * ones come first: where there are more points than stay in proportion to the edges, the longest go straight.
 */
function withDummies(graph, layerOf) {
  const layers = [...layerOf];
  graph.chains = [];
  const longest = longestWithPoints(graph, layerOf);
  const chains = graph.links.map(([from, to]) => {
    if (from === undefined || to === undefined || from === to) return [];
    const [low, high] = layerOf[from] <= layerOf[to] ? [from, to] : [to, from];
    const chain = [low];
    const isLong = layerOf[high] - layerOf[low] > longest;
    for (let layer = layerOf[low] + 1; !isLong && layer < layerOf[high]; layer++) {
      graph.cells.push({ size: 0, depth: 0, outs: [], ins: [], at: 0, real: false });
      layers.push(layer);
      chain.push(graph.cells.length - 1);
    }
    chain.push(high);
    for (const cell of chain.slice(1, -1)) graph.cells[cell].chain = chain;
    if (chain.length > 2) graph.chains.push(chain);
    for (let step = 1; !isLong && step < chain.length; step++) {
      graph.cells[chain[step - 1]].outs.push(chain[step]);
      graph.cells[chain[step]].ins.push(chain[step - 1]);
    }
    return low === from ? chain : [...chain].reverse();
  });
  graph.layers = layers;
  return chains;
}

/** Find how many layers an edge may pass and still get its points. */
function longestWithPoints(graph, layerOf) {
  const lengths = [];
  for (const [from, to] of graph.links) {
    if (from === undefined || to === undefined) continue;
    const length = Math.abs(layerOf[from] - layerOf[to]);
    lengths[length] = (lengths[length] ?? 0) + 1;
  }
  let left = POINTS + POINTS_EACH * graph.links.length;
  for (let length = 2; length < lengths.length; length++) {
    left -= (length - 1) * (lengths[length] ?? 0);
    if (left < 0) return length - 1;
  }
  return Infinity;
}

/** Order each layer by the mean position of the neighbours, to and fro. */
function ordered(graph) {
  const depth = graph.layers.reduce((most, layer) => Math.max(most, layer), 0) + 1;
  const layers = Array.from({ length: depth }, () => []);
  for (const cell of firstSeen(graph)) layers[graph.layers[cell]].push(cell);
  const rank = new Float64Array(graph.cells.length);
  const number = (layer) => layer.forEach((cell, place) => (rank[cell] = place));
  layers.forEach(number);
  let best = { crossings: crossings(graph, layers, rank), layers: layers.map((layer) => [...layer]) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings; sweep++) {
    const side = sweep % 2 ? "outs" : "ins";
    for (const layer of sweep % 2 ? [...layers].reverse() : layers) {
      const wish = new Map(layer.map((cell) => [cell, mean(graph.cells[cell][side], rank, rank[cell])]));
      layer.sort((one, other) => wish.get(one) - wish.get(other));
      number(layer);
    }
    const found = crossings(graph, layers, rank);
    if (found < best.crossings) best = { crossings: found, layers: layers.map((layer) => [...layer]) };
  }
  return best.layers;
}

/** Visit cells from the sources on, so that the first order keeps what belongs together side by side. */
function firstSeen(graph) {
  const seen = new Uint8Array(graph.cells.length);
  const order = [];
  for (let start = 0; start < graph.cells.length; start++) {
    if (seen[start] || graph.cells[start].ins.length) continue;
    const stack = [start];
    while (stack.length) {
      const cell = stack.pop();
      if (seen[cell]) continue;
      seen[cell] = 1;
      order.push(cell);
      for (let turn = graph.cells[cell].outs.length - 1; turn >= 0; turn--) stack.push(graph.cells[cell].outs[turn]);
    }
  }
  for (let cell = 0; cell < seen.length; cell++) if (!seen[cell]) order.push(cell);
  return order;
}

/** Count crossings between neighbouring layers with a tree of sums. */
function crossings(graph, layers, rank) {
  let found = 0;
  for (let depth = 1; depth < layers.length; depth++) {
    const size = layers[depth].length;
    const sums = new Int32Array(size + 1);
    let put = 0;
    for (const cell of layers[depth - 1]) {
      const tos = graph.cells[cell].outs.map((to) => rank[to]).sort((one, other) => one - other);
      for (const to of tos) {
        let below = 0;
        for (let at = to + 1; at > 0; at -= at & -at) below += sums[at];
        found += put - below;
      }
      for (const to of tos) {
        for (let at = to + 1; at <= size; at += at & -at) sums[at]++;
        put++;
      }
    }
  }
  return found;
}

/** Place the cells of each layer close to their neighbours, in order and apart. */
function placed(graph, layers, gap) {
  for (const layer of layers) spread(graph, layer, layer.map((cell, place) => place * 10), gap);
  const at = new Float64Array(graph.cells.length);
  graph.cells.forEach((cell, number) => (at[number] = cell.at));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const downward = sweep % 2 === 0;
    const straight = new Map(graph.chains.map((chain) => [chain, mean(chain, at, 0)]));
    for (const layer of downward ? layers : [...layers].reverse()) {
      const wishes = layer.map((cell) => {
        const { ins, outs, at: now, real } = graph.cells[cell];
        if (!real) return straight.get(graph.cells[cell].chain);
        const side = downward ? (ins.length ? ins : outs) : outs.length ? outs : ins;
        return sweep > SWEEPS - 3 ? mean([...ins, ...outs], at, now) : mean(side, at, now);
      });
      spread(graph, layer, wishes, gap);
      for (const cell of layer) at[cell] = graph.cells[cell].at;
    }
  }
}

/** Put cells as near to their wishes as their order and sizes allow: pools of cells that touch move as one. */
function spread(graph, layer, wishes, gap) {
  const pools = [];
  let offset = 0;
  layer.forEach((cell, place) => {
    const size = graph.cells[cell].size;
    const before = place ? graph.cells[layer[place - 1]] : null;
    if (before) offset += (before.size + size) / 2 + (before.real && graph.cells[cell].real ? gap : gap * 0.6);
    const weight = graph.cells[cell].real ? 1 : STRAIGHT;
    let pool = { sum: (wishes[place] - offset) * weight, weight, cells: [[cell, offset]] };
    while (pools.length && pools[pools.length - 1].sum / pools[pools.length - 1].weight > pool.sum / pool.weight) {
      const last = pools.pop();
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, cells: last.cells.concat(pool.cells) };
    }
    pools.push(pool);
  });
  for (const { sum, weight, cells } of pools) for (const [cell, shift] of cells) graph.cells[cell].at = sum / weight + shift;
}

function drawn(graph, layers, chains, edges, { direction, layerGap }) {
  const starts = [];
  const depths = layers.map((layer) => layer.reduce((most, cell) => Math.max(most, graph.cells[cell].depth), 0));
  let along = 0;
  for (const deepest of depths) {
    starts.push(along + deepest / 2);
    along += deepest + layerGap;
  }
  let low = Infinity;
  let high = -Infinity;
  for (const cell of graph.cells) [low, high] = [Math.min(low, cell.at - cell.size / 2), Math.max(high, cell.at + cell.size / 2)];
  const point = (cell, shift = 0) => {
    const [deep, wide] = [starts[graph.layers[cell]] + shift, graph.cells[cell].at - low];
    return direction === "right" ? { x: deep, y: wide } : { x: wide, y: deep };
  };
  // A line passes straight between the boxes of a layer, and bends in the gaps alone.
  const through = (chain) =>
    chain.flatMap((cell, step) => {
      if (graph.cells[cell].real) return [point(cell)];
      const half = (depths[graph.layers[cell]] / 2) * (graph.layers[chain[step + 1]] > graph.layers[cell] ? 1 : -1);
      return [point(cell, -half), point(cell, half)];
    });
  const places = {};
  graph.cells.forEach((cell, number) => cell.real && (places[cell.id] = point(number)));
  const size = [along - layerGap, high - low];
  const [width, height] = direction === "right" ? size : size.reverse();
  return { places, routes: chains.map(through), width, height, direction };
}

function mean(cells, at, otherwise) {
  if (!cells.length) return otherwise;
  let sum = 0;
  for (const cell of cells) sum += at[cell];
  return sum / cells.length;
}
