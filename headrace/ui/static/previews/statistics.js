// Statistics: every feature as a row, of one split or of two over each other; one of them large.
import { html, names, useMemo, useState } from "../html.js";
import { useAnswer } from "../api.js";
import { count, moment, number, percent } from "../format.js";
import { Choice, Section, Select } from "../parts/bits.js";
import { Share, TopValues } from "../charts/bars.js";
import { Density } from "../charts/density.js";
import { Quantiles } from "../charts/quantiles.js";

export default function Statistics({ content, answer }) {
  const splits = Object.keys(content.splits ?? {}).sort((one, other) => (other === "train") - (one === "train"));
  const [split, setSplit] = useState(splits[0]);
  const [other, setOther] = useState("");
  const [text, setText] = useState("");
  const [order, setOrder] = useState("name");
  const [open, setOpen] = useState(null);
  const [kind, id] = other.split(":");
  const earlier = useAnswer(kind === "artifact" ? `artifacts/${id}` : null);
  const sides = useMemo(() => {
    const second = kind === "split" ? content.splits[id] : kind === "artifact" ? earlier.value?.preview?.content?.splits?.[split] : null;
    return [content.splits[split], second].filter(Boolean);
  }, [split, other, earlier.value]);
  const rows = useMemo(() => joined(sides, text.toLowerCase(), order), [sides, text, order]);
  const overlays = [["", "Nothing"], ...splits.filter((name) => name !== split).map((name) => [`split:${name}`, `split ${name}`]), ...(answer.siblings ?? []).filter((one) => one.id !== answer.artifact.id).slice(0, 30).map((one) => [`artifact:${one.id}`, siblingName(one)])];
  return html`<${Section} title="Statistics" note=${`${rows.length} features, ${count(sides[0]?.rows)} rows`}>
    <div class="tools">
      ${splits.length > 1 && html`<${Choice} label="Split" options=${splits.map((name) => [name, name])} value=${split} onChange=${setSplit} />`}
      ${overlays.length > 1 && html`<${Select} shown label="Beside" options=${overlays} value=${other} onChange=${setOther} />`}
      <${Select} shown label="Order" options=${[["name", "Name"], ["missing", "Missing"], ["distance", "Difference"]].slice(0, sides.length > 1 ? 3 : 2)} value=${order} onChange=${setOrder} />
      <input class="input is-short" type="text" placeholder="Find a feature" aria-label="Find a feature" value=${text} onInput=${(event) => setText(event.target.value)} />
      ${sides.length > 1 && html`<span class="legend is-inline"><span><i class="key is-a" />${split}</span><span><i class="key is-b" />${overlays.find(([key]) => key === other)?.[1]}</span></span>`}
    </div>
    <div class="features">
      <div class="feature feature-head"><span>Feature</span><span>Distribution</span><span>Missing</span><span>In the middle</span><span>Range</span></div>
      ${rows.map((row) => html`<${Feature} key=${row.name} row=${row} sides=${sides} open=${open === row.name} onOpen=${() => setOpen(open === row.name ? null : row.name)} />`)}
    </div>
  <//>`;
}

const siblingName = (one) => `${one.span === null || one.span === undefined ? `artifact ${one.id}` : `span ${one.span}`}, ${moment(one.created)}`;

/** Bring the features of both sides together by name. */
function joined(sides, text, order) {
  const byName = sides.map((side) => new Map(side.features.map((feature) => [feature.name, feature])));
  const all = [...new Set(byName.flatMap((side) => [...side.keys()]))].filter((name) => name.toLowerCase().includes(text));
  const rows = all.map((name) => {
    const features = byName.map((side) => side.get(name) ?? null);
    return { name, features, missing: Math.max(...features.map((one, side) => missing(one, sides[side]))), distance: features.length > 1 ? distance(features, sides) : 0 };
  });
  if (order === "missing") rows.sort((one, two) => two.missing - one.missing);
  if (order === "distance") rows.sort((one, two) => two.distance - one.distance);
  return rows;
}

const missing = (feature, side) => (feature ? feature.missing / Math.max(1, side.rows) : 0);

/** How far two features are apart, to order them by: the largest difference of shares or of tenths. */
function distance([one, two], [first, second]) {
  if (!one || !two) return 2;
  if (one.top || two.top) {
    const shares = [[one, first], [two, second]].map(([feature, side]) => new Map((feature.top ?? []).map((top) => [top.value, top.count / side.rows])));
    return Math.max(0, ...[...shares[0].keys(), ...shares[1].keys()].map((value) => Math.abs((shares[0].get(value) ?? 0) - (shares[1].get(value) ?? 0))));
  }
  const range = Math.max(one.max, two.max) - Math.min(one.min, two.min) || 1;
  return Math.max(0, ...(one.quantiles ?? []).map((value, index) => Math.abs(value - (two.quantiles?.[index] ?? value)) / range));
}

function Feature({ row, sides, open, onOpen }) {
  const [first] = row.features.filter(Boolean);
  return html`<div class=${names("feature-block", open && "is-open")}>
    <button type="button" class="feature" aria-expanded=${open} onClick=${onOpen}>
      <span class="feature-name"><strong>${row.name}</strong><small>${first.type.toLowerCase()}</small></span>
      <span class="feature-chart">${first.top ? html`<${Mosaic} features=${row.features} sides=${sides} />` : html`<${Density} sides=${row.features.map((one) => one?.histogram)} />`}</span>
      <span>${row.features.map((one, side) => one && html`<${Share} share=${missing(one, sides[side])} kind=${`side-${side}`} label=${`${count(one.missing)} of ${count(sides[side].rows)} rows`} />`)}</span>
      <span class="figures">${row.features.map((one) => html`<span>${one ? middle(one) : "not there"}</span>`)}</span>
      <span class="figures">${row.features.map((one) => html`<span>${one ? range(one) : ""}</span>`)}</span>
    </button>
    ${open && html`<${Large} row=${row} sides=${sides} />`}
  </div>`;
}

const middle = (one) => (one.top ? `${count(one.unique)} values` : one.mean === undefined ? `${count(one.unique)} values` : html`${number(one.mean)} <span class="quiet">± ${number(one.deviation, 3)}</span>`);
const range = (one) => (one.top ? html`<span class="quiet">most</span> ${one.top[0]?.value ?? "–"}` : one.min === undefined ? "" : html`${number(one.min)} <span class="quiet">to</span> ${number(one.max)}`);

/** Shares of the most frequent values as one strip a side. */
function Mosaic({ features, sides }) {
  const order = [...new Set(features.flatMap((one) => (one?.top ?? []).map((top) => top.value)))];
  return html`<span class="mosaic">${features.map((one, side) => one && html`<span class=${`mosaic-row side-${side}`}>
    ${order.map((value, index) => {
      const n = one.top.find((top) => top.value === value)?.count ?? 0;
      return n > 0 && html`<i title=${`${value}: ${percent(n / sides[side].rows)}`} style=${{ flexGrow: n, opacity: 1 - 0.72 * (index / Math.max(order.length - 1, 1)) }} />`;
    })}
    <i class="is-rest" title="all other values" style=${{ flexGrow: Math.max(0, one.count - one.top.reduce((sum, top) => sum + top.count, 0)) }} />
  </span>`)}</span>`;
}

function Large({ row, sides }) {
  const [first] = row.features.filter(Boolean);
  const facts = (one, side) => [["Rows with a value", count(one.count)], ["Missing", `${count(one.missing)} (${percent(missing(one, sides[side]))})`], ["Mean", one.mean !== undefined && number(one.mean, 6)], ["Deviation", one.deviation !== undefined && number(one.deviation, 6)], ["Median", one.median !== undefined && number(one.median, 6)], ["Zeros", one.zeros !== undefined && `${count(one.zeros)} (${percent(one.zeros / Math.max(1, one.count))})`], ["Different values", one.unique !== undefined && count(one.unique)], ["Mean length", one.length !== undefined && number(one.length)]].filter(([, value]) => value);
  return html`<div class="feature-large">
    <div>${first.top ? html`<${TopValues} sides=${row.features.map((one, side) => one && { top: one.top, rows: sides[side].rows })} />` : html`<${Density} axis width=${480} height=${140} sides=${row.features.map((one) => one?.histogram)} /><${Quantiles} sides=${row.features.map((one) => one?.quantiles ?? [])} width=${480} />`}</div>
    <div class="large-facts">${row.features.map((one, side) => one && html`<dl class=${`pairs side-${side}`}>${facts(one, side).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`)}</div>
  </div>`;
}
