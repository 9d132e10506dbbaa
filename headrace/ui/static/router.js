// Addresses: History-API paths where a server answers, hash routes in a static export.
import { useEffect, useState } from "./html.js";

export const isStatic = document.querySelector('meta[name="headrace-static"]') !== null;

const listeners = new Set();

/** Read the address: its path, and its query as plain pairs. */
export function here() {
  const text = isStatic ? location.hash.slice(1) || "/" : location.pathname + location.search;
  const [path, query = ""] = text.split("?");
  return { path, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** Write an address without what is empty: `/lineage?focus=artifact:4`. */
export function address(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7E", "~")}` : path;
}

/** The path of a run's page; the id of another program's run may hold anything. */
export const runPath = (id) => `/runs/${encodeURIComponent(id)}`;

/** What an `<a>` carries to lead to a page. */
export const href = (path, query) => (isStatic ? "#" : "") + address(path, query);

export function go(path, query, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", href(path, query));
  tell();
}

/** The address, read again whenever it changes. */
export function useLocation() {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const listener = () => setPlace((old) => (JSON.stringify(old) === JSON.stringify(here()) ? old : here()));
    listeners.add(listener);
    listener(); // it may have changed before anybody listened
    return () => listeners.delete(listener);
  }, []);
  return place;
}

/** The query, and a function that changes some of it. */
export function useQuery() {
  const { path, query } = useLocation();
  const change = (changed, options) => go(path, { ...here().query, ...changed }, options);
  return [query, change];
}

/** Follow links of this site without loading the page again. */
export function followLinks() {
  addEventListener("popstate", tell);
  if (isStatic) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = new URL(link.href);
    const elsewhere = to.origin !== location.origin || link.target || link.hasAttribute("download");
    if (elsewhere || to.pathname.startsWith("/api/") || to.pathname.startsWith("/static/")) return;
    if (to.pathname === location.pathname && to.hash) return;
    event.preventDefault();
    history.pushState(null, "", to.pathname + to.search);
    tell();
    if (!link.closest("[data-keep-scroll]")) scrollTo(0, 0);
  });
}

function tell() {
  for (const listener of [...listeners]) listener();
}
