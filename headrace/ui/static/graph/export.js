// What is on screen as a file: SVG and PNG as drawn, DOT and JSON as data.

const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-size", "font-weight", "font-family", "paint-order", "color"];
const MARGIN = 24;

/** Save the shown graph; kind is SVG, PNG, DOT or JSON. */
export async function save(kind, svg, view, name) {
  const file = `lineage-${name.replace(/[^\w.-]+/g, "_")}.${kind.toLowerCase()}`;
  if (kind === "JSON") return offer(file, "application/json", JSON.stringify({ version: 1, focus: view.focus, vertices: view.vertices, edges: view.edges }, null, 1));
  if (kind === "DOT") return offer(file, "text/vnd.graphviz", dot(view));
  const picture = svg && standalone(svg);
  if (!picture) return undefined;
  if (kind === "SVG") return offer(file, "image/svg+xml", picture.text);
  return offer(file, "image/png", await painted(picture));
}

function offer(file, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Copy a drawing whole, at its natural size, with its looks written into it. */
export function standalone(svg) {
  const drawn = svg.querySelector("g[transform]");
  if (!drawn) return null;
  const box = drawn.getBBox();
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, index) => {
    const looks = getComputedStyle(originals[index]);
    for (const name of LOOKS) element.setAttribute(name, looks.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role", "aria-label", "data-id"]) element.removeAttribute(name);
  });
  copy.querySelector("g[transform]").removeAttribute("transform");
  const [width, height] = [Math.ceil(box.width + 2 * MARGIN), Math.ceil(box.height + 2 * MARGIN)];
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${box.x - MARGIN} ${box.y - MARGIN} ${width} ${height}`);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: box.x - MARGIN, y: box.y - MARGIN, width, height, fill: getComputedStyle(document.documentElement).backgroundColor })) ground.setAttribute(name, value);
  copy.insertBefore(ground, copy.firstChild);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

async function painted({ text, width, height }) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const scale = Math.min(2, 8000 / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * scale, height * scale];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Write a view in Graphviz's language. */
export function dot({ vertices, edges }) {
  const quoted = (text) => `"${String(text ?? "").replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;
  const lines = vertices.map((vertex) => `  ${quoted(vertex.id)} [label=${quoted(`${vertex.title}\n${vertex.subtitle ?? ""}`.trim())}, shape=${vertex.kind === "execution" ? "oval" : "box"}];`);
  const arrows = edges.map((edge) => `  ${quoted(edge.from)} -> ${quoted(edge.to)} [label=${quoted(edge.label)}${edge.cached || edge.resolver ? ", style=dashed" : ""}];`);
  return ["digraph lineage {", "  rankdir=LR;", "  node [fontname=sans];", ...lines, ...arrows, "}", ""].join("\n");
}
