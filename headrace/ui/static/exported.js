// A static site: answers are files, found by the same rule as they are written; lists are filtered here, the graph is walked here.
import { byReference } from "./exported_references.js";
import { impactOf, indexed, walkOf } from "./exported_graph.js";

const LISTS = { runs: "runs", artifacts: "artifacts" };
const FIELDS = { runs: ["id", "pipeline", "state", "host"], artifacts: ["id", "type", "state", "run", "node", "span"] };
const LIVE = "Start headrace ui on the store to ask it";
const kept = new Map();

export async function exported(path, query, Refusal) {
  if (path in LISTS) return filtered(await once(path, Refusal), path, query, Refusal);
  if (path === "search") return searched(query.q ?? "", Refusal);
  if (path === "lineage" && query.focus) return lineage(query, Refusal);
  return read(fileOf(path, query), Refusal);
}

/** Read a log; one that is not there says nothing. */
export const exportedText = async (path) => (await headrace.load(fileOf(path, {}))) ?? "";

/** Name the file of an answer; parts of the path that hold anything are encoded already. */
export function fileOf(path, query) {
  const pairs = Object.keys(query).sort().map((name) => `.${name}=${encodeURIComponent(query[name])}`);
  const name = (path + pairs.join("")).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%", "~").replaceAll("/", "_").replace(/[^A-Za-z0-9=._~-]/g, "_");
  return `data/${name.length > 100 ? `${name.slice(0, 80)}-${fnv(name)}` : name}.js`;
}

async function read(file, Refusal) {
  const answer = await headrace.load(file);
  if (answer?.error) throw new Refusal(answer.error);
  if (answer) return answer;
  throw new Refusal({ found: "this answer is not part of the export", expected: "what the pages show by default", do: LIVE });
}

/** Read a list, or the graph, the first time that it is asked for. */
function once(path, Refusal) {
  if (!kept.has(path)) kept.set(path, read(fileOf(path, {}), Refusal).then(path === "graph" ? indexed : (answer) => answer));
  return kept.get(path);
}

/** Answer a question to the graph: by a walk, or by the file that holds what a walk does not find. */
async function lineage(query, Refusal) {
  const [runs, artifacts, graph] = await Promise.all(["runs", "artifacts", "graph"].map((path) => once(path, Refusal)));
  const known = { runs: runs.runs, artifacts: artifacts.artifacts, graph };
  const focus = byReference(query.focus, known, Refusal);
  const { mode = "walk" } = query;
  if (["collapse", "kinds", "as_of"].some((name) => query[name]) || !["walk", "blame", "impact", "diff"].includes(mode)) {
    throw new Refusal({ found: "this question is not part of the export", expected: "surroundings, blame or impact", do: LIVE });
  }
  if (mode === "walk") return walkOf(graph, focus, query);
  if (mode === "diff") return read(fileOf("lineage", { focus: bare(focus), mode, to: bare(byReference(query.to, known, Refusal)) }), Refusal);
  const found = await read(fileOf("lineage", { focus, mode }), Refusal);
  return mode === "blame" ? found : { ...impactOf(graph, focus), ...found };
}

const bare = (reference) => reference.replace(/^run:/, "");

function filtered(answer, key, query, Refusal) {
  const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean).map((word) => term(word, key, Refusal));
  const rows = answer[key].filter((row) => {
    if (query.type && row.type !== query.type) return false;
    if (query.pipeline && row.pipeline !== query.pipeline) return false;
    if (query.state && row.state !== query.state) return false;
    return words.every((fits) => fits(row));
  });
  const offset = Number(query.offset ?? 0);
  const shown = rows.slice(offset, offset + Number(query.limit ?? 100));
  return { ...answer, [key]: shown, shown: shown.length, total: rows.length };
}

/** Read one term of a filter: a word, or `name:a,b` of what the lists hold; refused where it needs the store. */
function term(word, key, Refusal) {
  const [, name, value] = /^([a-z_.]+)(?::|=|[<>]=?)(.*)$/.exec(word) ?? [];
  if (!name || /^(artifact|run|execution)$/.test(name)) return (row) => JSON.stringify(row).toLowerCase().includes(word.replace(/^artifact:/, '"id":'));
  if (!FIELDS[key].includes(name) || /[<>=]/.test(word.slice(name.length, name.length + 1))) {
    throw new Refusal({ found: `${word} is not part of the export`, expected: `words, or ${FIELDS[key].map((field) => `${field}:…`).join(" ")}`, do: LIVE });
  }
  const patterns = value.split(",").map((part) => new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`));
  return (row) => [row[name], ...(name === "state" ? (row.marks ?? []) : [])].some((field) => patterns.some((pattern) => pattern.test(String(field ?? "").toLowerCase())));
}

async function searched(text, Refusal) {
  const [runs, artifacts] = await Promise.all(["runs", "artifacts"].map((path) => once(path, Refusal)));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row) => words.every((word) => JSON.stringify(row).toLowerCase().includes(word));
  const found = named(text, runs, artifacts, Refusal);
  const others = [...runs.runs.filter(fits).slice(0, 8).map(runMatch), ...artifacts.artifacts.filter(fits).slice(0, 8).map(artifactMatch)];
  return { matches: [...found, ...others.filter((match) => match.reference !== found[0]?.reference)] };
}

/** What a text names as a reference, if anything. */
function named(text, { runs }, { artifacts }, Refusal) {
  try {
    const reference = byReference(text, { runs, artifacts, graph: null }, Refusal);
    const run = runs.find((one) => `run:${one.id}` === reference);
    const artifact = artifacts.find((one) => `artifact:${one.id}` === reference);
    return run ? [runMatch(run)] : artifact ? [artifactMatch(artifact)] : [];
  } catch {
    return [];
  }
}

const runMatch = (run) => ({ kind: "run", reference: run.id, title: run.id, subtitle: `${run.pipeline} ${run.state}`, href: `/runs/${encodeURIComponent(run.id)}` });
const artifactMatch = (one) => ({ kind: "artifact", type: one.type, reference: `artifact:${one.id}`, title: `${one.type} ${one.id}`, subtitle: one.summary ?? one.title, href: `/artifacts/${one.id}` });

/** FNV-1a, 32 bit, of the bytes in UTF-8. */
function fnv(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
