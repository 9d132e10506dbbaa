// Most frequent values as bars, of one side or two.
import { html } from "../html.js";
import { count, percent } from "../format.js";

/** Draw `sides` of {top: [{value, count}], rows}; as shares of the rows of each side. */
export function TopValues({ sides, most = 10 }) {
  const values = [...new Set(sides.flatMap((side) => (side?.top ?? []).map((one) => one.value)))].slice(0, most);
  const shares = sides.map((side) => new Map((side?.top ?? []).map((one) => [one.value, { n: one.count, share: one.count / (side.rows || 1) }])));
  const longest = Math.max(...shares.flatMap((side) => [...side.values()].map((one) => one.share)), 1e-9);
  return html`<table class="bars"><tbody>${values.map((value) => html`<tr><th scope="row" title=${value}>${value === "" ? "(empty)" : value}</th><td>
    ${shares.map((side, index) => {
      const one = side.get(value);
      return html`<div class=${`bar-row side-${index}`}><i style=${{ width: `${(72 * (one?.share ?? 0)) / longest}%` }} /><span title=${one ? count(one.n) : ""}>${one ? percent(one.share) : sides.length > 1 ? "not among its most frequent" : ""}</span></div>`;
    })}</td></tr>`)}</tbody></table>`;
}

/** One share as a short bar. */
export const Share = ({ share, label, kind = "" }) =>
  html`<span class=${`share ${kind}`} title=${label}><i><b style=${{ width: `${Math.min(100, 100 * (share ?? 0))}%` }} /></i><span>${percent(share)}</span></span>`;
