// Runs before anything is drawn: light or dark as somebody chose, and the modules of the page are asked for at once.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("headrace-theme");
  } catch {
    // a browser that keeps nothing shows what the system says
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;

  if (origin === "null") return; // no module can be loaded there: start.js makes them
  const graph = ["graph/canvas.js", "graph/use_layout.js", "graph/layout.js", "graph/route.js", "graph/nearest.js", "graph/text.js"];
  const lists = ["parts/bits.js", "parts/node_bar.js", "pages/runs.js"];
  const pages = [
    [/^\/runs\//, [...graph, "parts/bits.js", "parts/node_bar.js", "charts/scale.js", "pages/run.js", "pages/run_graph.js", "pages/timeline.js", "pages/node_panel.js"]],
    [/^\/lineage/, [...graph, "parts/bits.js", "graph/export.js", "graph/tree.js", "graph/walk.js", "pages/blame.js", "pages/lineage.js", "pages/lineage_grown.js", "pages/lineage_legend.js", "pages/lineage_lists.js", "pages/lineage_panel.js", "pages/lineage_tools.js", "pages/lineage_vertex.js"]],
    [/^\/artifacts\//, ["parts/bits.js", "pages/artifact.js", "pages/blame.js", "previews/preview.js"]],
    [/^\/artifacts/, [...lists, "pages/artifacts.js"]],
    [/^\/compare/, ["parts/bits.js", "pages/compare.js", "pages/differences.js"]],
    [/^\/?$/, lists],
  ];
  const path = location.hash.startsWith("#/") ? location.hash.slice(1).split("?")[0] : location.pathname;
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  for (const name of pages.find(([pattern]) => pattern.test(path))?.[1] ?? lists) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = base + name;
    document.head.append(link);
  }
})();
