// Lays out graphs away from the page's own thread.
import { layout } from "./layout.js";

addEventListener("message", ({ data: { turn, vertices, edges, options } }) => {
  postMessage({ turn, ...layout(vertices, edges, options) });
});
