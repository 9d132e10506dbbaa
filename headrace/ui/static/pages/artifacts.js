// Artifacts: what there is of each type, newest first.
import { html, useEffect, useState } from "../html.js";
import { useAnswer } from "../api.js";
import { go, href, isStatic, useQuery } from "../router.js";
import { ago, bytes, count, moment } from "../format.js";
import { Icon, TypeIcon } from "../icons.js";
import { Failure, Loading, Nothing } from "../parts/messages.js";
import { Marks, RunLink } from "../parts/bits.js";
import { Pager } from "./runs.js";

const PAGE = 100;

export default function Artifacts() {
  const [query, change] = useQuery();
  const offset = Number(query.offset ?? 0);
  const { value, error } = useAnswer("artifacts", { type: query.type, q: query.q, limit: PAGE, offset }, { every: 10000 });
  useEffect(() => void (document.title = "Artifacts · headrace"), []);
  const narrow = (changed) => change({ offset: "", ...changed }, { replace: true });
  const types = Object.entries(value?.types ?? {}).sort(([one], [other]) => one.localeCompare(other));
  return html`<div class="artifacts">
    <div class="head"><h1>Artifacts</h1>${value && html`<span class="note">${count(value.total)}</span>`}</div>
    <div class="with-side">
      <nav class="side" aria-label="Types">
        <a href=${href("/artifacts", { q: query.q })} aria-current=${query.type ? undefined : "true"}><${TypeIcon} type="artifact" />All types</a>
        ${types.map(([type, n]) => html`<a key=${type} href=${href("/artifacts", { type, q: query.q })} aria-current=${query.type === type ? "true" : undefined}><${TypeIcon} type=${type} /><span>${type}</span><span class="n">${count(n)}</span></a>`)}
      </nav>
      <div class="side-main">
        <${Filter} text=${query.q ?? ""} onChange=${(q) => narrow({ q })} />
        ${error && html`<${Failure} error=${error} />`}
        ${!value && !error && html`<${Loading} />`}
        ${value && (value.artifacts.length ? html`<${Table} artifacts=${value.artifacts} typed=${Boolean(query.type)} />` : html`<${Nothing} title="No artifact fits"><button type="button" class="button" onClick=${() => go("/artifacts")}>Show all</button><//>`)}
        ${value && html`<${Pager} noun="artifact" total=${value.total} shown=${value.shown} offset=${offset} onChange=${(to) => change({ offset: to || "" })} />`}
      </div>
    </div>
  </div>`;
}

function Filter({ text: given, onChange }) {
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return undefined;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<div class="filter"><div class="field"><${Icon} name="search" size="14" /><input type="text" value=${text} spellcheck=${false} aria-label="Filter artifacts" placeholder=${isStatic ? "Filter: type:Model state:blessed" : "Filter: type:Model state:blessed since:7d"} onInput=${(event) => setText(event.target.value)} /></div></div>`;
}

function Table({ artifacts, typed }) {
  const open = (event, id) => !event.target.closest("a") && !String(getSelection()) && go(`/artifacts/${id}`);
  const told = artifacts.some((one) => one.summary || one.marks?.length);
  return html`<div class="table-scroll"><table class="table artifacts-table">
    <thead><tr><th>Artifact</th>${told && html`<th>What it holds</th>`}<th>Span</th><th>Made by</th><th>Made</th><th class="num">Size</th></tr></thead>
    <tbody>${artifacts.map((one) => html`<tr key=${one.id} onClick=${(event) => open(event, one.id)}>
      <td class="nowrap"><a class="thing" href=${href(`/artifacts/${one.id}`)}><${TypeIcon} type=${one.type} /><span><strong>${typed ? one.title ?? one.id : one.type}</strong> <span class="mono quiet">${one.id}</span></span></a></td>
      ${told && html`<td class="what"><${Marks} marks=${one.marks} state=${one.state} /><span class="quiet">${one.summary}</span></td>`}
      <td class="c-span">${one.span ?? ""}</td>
      <td class="nowrap c-maker">${one.node} ${one.run && html`<${RunLink} id=${one.run} />`}</td>
      <td class="nowrap c-made" title=${moment(one.created)}>${ago(one.created)}</td>
      <td class="num nowrap c-size">${one.size ? bytes(one.size) : "–"}</td>
    </tr>`)}</tbody>
  </table></div>`;
}
