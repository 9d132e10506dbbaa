// References in a static site, looked up in what was exported: as the command line reads them, but for paths.

/** Return `run:ID`, `artifact:N` or `execution:N` for a reference. Throws Refusal. */
export function byReference(text, known, Refusal) {
  const found = runNamed(text.replace(/^run:/, ""), known.runs) ?? numbered(text, known) ?? ofType(text, known.artifacts) ?? ofNode(text, known);
  if (found) return found;
  throw new Refusal({
    found: `nothing is called "${text}" in this export`,
    expected: "a run, RUN/NODE, RUN/NODE.output, artifact:N, execution:N, TYPE@latest or TYPE@span=N",
    do: "Choose one of the lists",
  });
}

function runNamed(text, runs) {
  const [, pipeline, place] = /^([^@/]*)@(latest|prev)$/.exec(text) ?? [];
  const chosen = place ? runs.filter((run) => !pipeline || run.pipeline === pipeline) : [];
  if (place === "latest" && chosen.length) return `run:${chosen[0].id}`;
  const before = chosen.slice(1).find((run) => run.pipeline === chosen[0].pipeline);
  if (place === "prev" && before) return `run:${before.id}`;
  const starting = text ? runs.filter((run) => run.id.startsWith(text)) : [];
  const run = starting.find((one) => one.id === text) ?? (starting.length === 1 ? starting[0] : null);
  return run ? `run:${run.id}` : null;
}

function numbered(text, { artifacts, graph }) {
  if (!/^(artifact|execution):\d+$/.test(text)) return null;
  return graph ? graph.byId.has(text) && text : artifacts.some((one) => `artifact:${one.id}` === text) && text;
}

/** Find the newest of a type; one that is still there goes before a newer one that is gone. */
function ofType(text, artifacts) {
  const [, type, selector] = /^([^@/]+)@(.+)$/.exec(text) ?? [];
  const [name, value] = (selector ?? "").split("=");
  const fits = { latest: () => true, blessed: (one) => one.marks?.includes("blessed"), pushed: (one) => one.marks?.includes("pushed") }[selector] ?? (value !== undefined ? (one) => String(one[name]) === value : () => false);
  const found = artifacts.filter((one) => one.type === type && fits(one));
  const newest = found.find((one) => one.state === "LIVE") ?? found[0];
  return newest ? `artifact:${newest.id}` : null;
}

/** Find `RUN/NODE`, `RUN/NODE.output`, and the same without the run in the newest one. */
function ofNode(text, { runs, graph }) {
  if (!graph || !runs.length) return null;
  const slash = text.lastIndexOf("/");
  const run = slash < 0 ? `run:${runs[0].id}` : runNamed(text.slice(0, slash), runs);
  const members = graph.vertices.filter((one) => one.kind === "execution" && `run:${one.run}` === run);
  const rest = text.slice(slash + 1);
  const node = members.findLast((one) => one.title === rest);
  if (node) return node.id;
  const dot = rest.lastIndexOf(".");
  const maker = dot > 0 && members.findLast((one) => one.title === rest.slice(0, dot));
  return maker ? (graph.down.get(maker.id) ?? []).find((edge) => edge.label === rest.slice(dot + 1))?.to : null;
}
