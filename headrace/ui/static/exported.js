// A static site: answers are files, found by the same rule as they are written; lists are filtered here.

const lists = { runs: "runs", artifacts: "artifacts" };

export async function exported(path, query, Refusal) {
  if (path in lists) return filtered(await read(fileOf(path, {}), Refusal), lists[path], query);
  if (path === "search") return searched(query.q ?? "", Refusal);
  return read(fileOf(path, query), Refusal);
}

/** Name the file of an answer. */
export function fileOf(path, query) {
  const pairs = Object.keys(query).sort().map((name) => `.${name}=${query[name]}`);
  const name = (path.replaceAll("/", "_") + pairs.join("")).replace(/[^A-Za-z0-9=._-]/g, "_");
  return `data/${name.length > 100 ? `${name.slice(0, 80)}-${fnv(name)}` : name}.json`;
}

async function read(file, Refusal) {
  const response = await fetch(file).catch(() => null);
  if (response?.ok) return response.json();
  throw new Refusal({
    found: "this answer is not part of the export",
    expected: "what the pages show by default",
    do: "Start headrace ui on the store to ask it",
  });
}

function filtered(answer, key, query) {
  const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = answer[key].filter((row) => {
    if (query.type && row.type !== query.type) return false;
    if (query.pipeline && row.pipeline !== query.pipeline) return false;
    if (query.state && row.state !== query.state) return false;
    const text = JSON.stringify(row).toLowerCase();
    return words.every((word) => text.includes(word.split(":").at(-1)));
  });
  const offset = Number(query.offset ?? 0);
  const shown = rows.slice(offset, offset + Number(query.limit ?? 100));
  return { ...answer, [key]: shown, shown: shown.length, total: rows.length };
}

async function searched(text, Refusal) {
  const [runs, artifacts] = await Promise.all(["runs", "artifacts"].map((path) => exported(path, { q: text, limit: 8 }, Refusal)));
  return {
    matches: [
      ...runs.runs.map((run) => ({ kind: "run", reference: run.id, title: run.id, subtitle: run.pipeline, href: `/runs/${run.id}` })),
      ...artifacts.artifacts.map((one) => ({
        kind: "artifact",
        reference: `artifact:${one.id}`,
        title: `${one.type} ${one.id}`,
        subtitle: one.summary ?? one.title,
        href: `/artifacts/${one.id}`,
      })),
    ],
  };
}

/** FNV-1a, 32 bit, of the bytes in UTF-8. */
function fnv(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
