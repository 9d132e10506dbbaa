// The frame of every page: name, the pages, the search, light or dark, the store.
import { html, names, useState } from "../html.js";
import { useAnswer } from "../api.js";
import { href } from "../router.js";
import { Icon } from "../icons.js";
import { Search } from "./search.js";

const TABS = [
  ["Runs", "/", /^\/(?:index\.html)?$|^\/runs/],
  ["Lineage", "/lineage", /^\/lineage/],
  ["Artifacts", "/artifacts", /^\/artifacts/],
  ["Compare", "/compare", /^\/compare/],
];

export function Shell({ path, children }) {
  const { value: meta } = useAnswer("meta", {}, { every: 30000 });
  return html`<div class="shell">
    <a class="skip" href="#content">Skip to the content</a>
    <header class="bar">
      <a class="brand" href=${href("/")}><${Mark} />headrace</a>
      <nav class="tabs" aria-label="Pages">
        ${TABS.map(([name, to, pattern]) => html`<a href=${href(to)} aria-current=${pattern.test(path) ? "page" : undefined}>${name}</a>`)}
      </nav>
      <${Search} />
      ${meta && html`<span class="store" title=${`${meta.store ?? meta.name}${meta.read_only ? ", read-only" : ""}`}><i class=${names("dot", meta.read_only && "is-quiet")} />${meta.name}</span>`}
      <${ThemeSwitch} />
    </header>
    ${meta?.trouble && html`<p class="banner" role="status">${meta.trouble}</p>`}
    <main id="content" class="page" tabindex="-1">${children}</main>
  </div>`;
}

const Mark = () =>
  html`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><path d="M2 5c6 0 6 7 12 7h8" /><path d="M2 19c6 0 6-7 12-7" opacity=".45" /></g></svg>`;

function ThemeSwitch() {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const [isDark, setDark] = useState(dark);
  const change = () => {
    root.dataset.theme = isDark ? "light" : "dark";
    try {
      localStorage.setItem("headrace-theme", root.dataset.theme);
    } catch {
      // a browser that keeps nothing forgets the choice
    }
    setDark(!isDark);
  };
  return html`<button class="icon-button theme" onClick=${change} aria-label=${isDark ? "Light colours" : "Dark colours"} title=${isDark ? "Light colours" : "Dark colours"}>
    <${Icon} name=${isDark ? "sun" : "moon"} />
  </button>`;
}
