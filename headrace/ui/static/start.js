// Starts an exported site. A page without an origin, as one opened as a file, can load classic scripts alone: all answers
// come as such, and there the modules come as one, each to be had by the address of a blob.
globalThis.headrace = {
  /** Load what a script gives; null where there is none. */
  load: (file) =>
    new Promise((resolve) => {
      const script = document.createElement("script");
      script.onload = script.onerror = () => {
        script.remove();
        resolve(script.given ?? null);
      };
      script.src = file;
      document.head.append(script);
    }),
  give: (json) => void (document.currentScript.given = JSON.parse(json)),
};
(() => {
  async function blobs() {
    const made = {};
    for (const [path, ...parts] of await headrace.load("static/modules.js")) {
      const source = parts.map((part, index) => (index % 2 ? `"${made[part]}"` : part));
      made[path] = URL.createObjectURL(new Blob(source, { type: "text/javascript" }));
    }
    return made;
  }

  if (origin === "null") {
    const made = blobs();
    headrace.module = async (path) => import((await made)[path]);
  } else {
    for (const link of document.querySelectorAll('link[rel="module"]')) link.rel = "modulepreload";
    headrace.module = (path) => import(`./${path}`);
  }
  headrace.module("app.js");
})();
