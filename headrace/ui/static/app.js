// The pages and which address shows which of them; each is loaded when it is first shown.
import { html, render, useEffect, useState } from "./html.js";
import { followLinks, useLocation } from "./router.js";
import { Shell } from "./parts/shell.js";
import { Failure, Loading } from "./parts/messages.js";

const PAGES = [
  [/^\/(?:index\.html)?$/, () => import("./pages/runs.js")],
  [/^\/runs\/(.+)$/, () => import("./pages/run.js")],
  [/^\/lineage$/, () => import("./pages/lineage.js")],
  [/^\/artifacts$/, () => import("./pages/artifacts.js")],
  [/^\/artifacts\/([^/]+)$/, () => import("./pages/artifact.js")],
  [/^\/compare$/, () => import("./pages/compare.js")],
];

function found(path) {
  for (const [pattern, load] of PAGES) {
    const match = pattern.exec(path);
    if (match) return { load, id: match[1] && decodeURIComponent(match[1]) };
  }
  return null;
}

function App() {
  const { path } = useLocation();
  const [shown, setShown] = useState({ path: null });
  const place = found(path);
  useEffect(() => {
    let still = true;
    place?.load().then(
      (module) => still && setShown({ path, Page: module.default, id: place.id }),
      (error) => still && setShown({ path, error }),
    );
    return () => void (still = false);
  }, [path]);
  const ready = shown.path === path;
  return html`<${Shell} path=${path}>
    ${!place && html`<${Failure} error=${{ found: `there is no page ${path}`, expected: "one of the pages above", advice: "Choose one" }} />`}
    ${place && !ready && html`<${Loading} />`}
    ${place && ready && shown.error && html`<${Failure} error=${shown.error} />`}
    ${place && ready && shown.Page && html`<${shown.Page} key=${path} id=${shown.id} />`}
  <//>`;
}

followLinks();
const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} />`, root);
