// A fitted preprocessing function: which raw column feeds which feature, and what its analyzers found.
import { html, names, useMemo, useRef, useState } from "../html.js";
import { count, number, plain } from "../format.js";
import { Section } from "../parts/bits.js";
import { useWidth } from "../parts/width.js";
import { cut } from "../graph/text.js";

const ROW = 26;
const TOP = 28;

export default function TransformGraph({ content, summary }) {
  const [lit, setLit] = useState(null);
  return html`<${Section} title="Features" note=${summary}><${Flow} content=${content} lit=${lit} onLit=${setLit} /><//>
  <${Section} title="Analyzers" note="what was learnt from the data, and is now constant">
    <div class="table-scroll"><table class="table"><thead><tr><th>Analyzer</th><th>Looks at</th><th>Found</th></tr></thead><tbody>
      ${(content.analyzers ?? []).map((one) => html`<tr key=${one.name} onMouseEnter=${() => setLit(one.from)} onMouseLeave=${() => setLit(null)}><td class="mono">${one.name}</td><td>${(one.from ?? []).join(", ")}</td><td><${Found} analyzer=${one} /></td></tr>`)}
    </tbody></table></div><//>`;
}

function Found({ analyzer }) {
  if (analyzer.vocabulary !== undefined) return html`<span class="tags"><span class="quiet">${count(analyzer.size)} words</span>${(analyzer.first ?? []).slice(0, 12).map((word) => html`<span class="tag">${word}</span>`)}${analyzer.size > 12 && html`<span class="quiet">…</span>`}</span>`;
  const labels = /mean_and_var/.test(analyzer.name) ? ["mean", "variance"] : /min_and_max|min_max/.test(analyzer.name) ? ["min", "max"] : [];
  return html`<span class="values">${(analyzer.values ?? []).map((value, index) => html`<span class="value is-free"><span>${labels[index] ?? ""}</span>${Array.isArray(value) ? value.slice(0, 12).map((one) => (typeof one === "number" ? number(one) : plain(one))).join(", ") + (value.length > 12 ? ", …" : "") : typeof value === "number" ? number(value, 6) : plain(value)}</span>`)}</span>`;
}

/** Raw columns on the left, features on the right, a line for each that feeds another. */
function Flow({ content, lit, onLit }) {
  const frame = useRef(null);
  const width = useWidth(frame, 800);
  const { raw, features, links } = useMemo(() => flowOf(content), [content]);
  const isNarrow = width < 560;
  const side = isNarrow ? width * 0.44 : Math.min(280, width * 0.4);
  const [left, right] = [side, width - side];
  const height = TOP + ROW * Math.max(raw.length, features.length) + 8;
  const at = (list, index) => TOP + ROW * (index + 0.5);
  const on = (names_) => !lit || names_.some((name) => lit.includes(name));
  const analyzed = new Map();
  for (const one of content.analyzers ?? []) for (const name of one.from ?? []) analyzed.set(name, (analyzed.get(name) ?? 0) + 1);
  return html`<div ref=${frame}><svg class="chart flow-chart" width=${width} height=${height} role="img" aria-label=${features.map((one) => `${one.name} from ${one.from.join(", ")}`).join("; ")}>
    <text class="axis" x=${left} y="14" text-anchor="end">raw columns</text><text class="axis" x=${right} y="14">features</text>
    ${links.map(([from, to]) => html`<path class=${names("flow-line", !on([raw[from], features[to].name]) && "is-dim", lit && on([raw[from], features[to].name]) && "is-lit")} d=${`M${left + 12} ${at(raw, from)}C${width / 2} ${at(raw, from)} ${width / 2} ${at(features, to)} ${right - 12} ${at(features, to)}`} />`)}
    ${raw.map((name, index) => html`<g class=${names("flow-name", !on([name, ...features.filter((one) => one.from.includes(name) && lit?.includes(one.name)).map(() => name)]) && "is-dim")} onMouseEnter=${() => onLit([name])} onMouseLeave=${() => onLit(null)}>
      <text x=${left} y=${at(raw, index) + 4} text-anchor="end" class=${names((content.unused ?? []).includes(name) && "is-unused")}>${cut(name, side - (isNarrow ? 4 : 70), 13)}</text>
      ${(content.unused ?? []).includes(name) ? html`<title>not used</title>` : html`<circle cx=${left + 10} cy=${at(raw, index)} r=${analyzed.get(name) ? 4 : 2.5}><title>${analyzed.get(name) ? `${analyzed.get(name)} analyzers look at it` : "no analyzer looks at it"}</title></circle>`}</g>`)}
    ${features.map((feature, index) => html`<g class=${names("flow-name", !on([feature.name, ...feature.from]) && "is-dim")} onMouseEnter=${() => onLit([feature.name, ...feature.from.map((name) => `${name}`)])} onMouseLeave=${() => onLit(null)}>
      <circle cx=${right - 10} cy=${at(features, index)} r="2.5" /><text x=${right} y=${at(features, index) + 4}>${cut(feature.name, side - (isNarrow ? 4 : 90), 13)}${!isNarrow && html`<tspan class="axis" dx="8">${feature.type}${feature.form !== "dense" ? ` ${feature.form}` : ""}</tspan>`}</text></g>`)}
  </svg>${(content.unused ?? []).length > 0 && html`<p class="legend">Not used: ${content.unused.join(", ")}. A larger dot: an analyzer looks at the column.</p>`}</div>`;
}

/** Order raw columns by the features they feed, so that few lines cross. */
function flowOf(content) {
  const features = content.features ?? [];
  const place = new Map();
  features.forEach((feature, index) => feature.from.forEach((name) => place.set(name, [...(place.get(name) ?? []), index])));
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const raw = [...[...place.keys()].sort((one, other) => mean(place.get(one)) - mean(place.get(other))), ...(content.unused ?? [])];
  const links = features.flatMap((feature, to) => feature.from.map((name) => [raw.indexOf(name), to]));
  return { raw, features, links };
}
