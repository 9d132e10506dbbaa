// Questions to the server, or to the exported files of a static site.
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { isStatic } from "./router.js";
import { exported, exportedText } from "./exported.js";

/** What headrace refuses: what was found, what was expected, what to do. */
export class Refusal extends Error {
  constructor({ found, expected, do: advice }, status = 0) {
    super(found);
    Object.assign(this, { found, expected, advice, status });
  }
}

const gone = {
  found: "the server does not answer",
  expected: "headrace ui running",
  do: "Start it again and open the address that it prints",
};
const stranger = {
  found: "this browser has no token for this server",
  expected: "the address that headrace ui printed",
  do: "Open that address: it ends with ?token=…",
};

/** Ask for an answer: `ask("runs", {q: "state:FAILED"})`. Throws Refusal. */
export async function ask(path, query = {}) {
  if (isStatic) return exported(path, clean(query), Refusal);
  const pairs = new URLSearchParams(clean(query)).toString();
  let response;
  try {
    response = await fetch(`/api/${path}${pairs ? `?${pairs}` : ""}`, { headers: { accept: "application/json" } });
  } catch {
    throw new Refusal(gone);
  }
  if (response.status === 401) throw new Refusal(stranger, 401);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? { found: `answer ${response.status}` }, response.status);
  return answer;
}

/** Ask for plain text, as a log. */
export async function askText(path, query = {}) {
  if (isStatic) return exportedText(path);
  const pairs = new URLSearchParams(clean(query)).toString();
  const response = await fetch(`/api/${path}${pairs ? `?${pairs}` : ""}`);
  return response.ok ? response.text() : "";
}

/** Send a change. The header keeps other sites from sending it. */
export async function send(path, body) {
  const headers = { "content-type": "application/json", "X-Headrace": "1" };
  const response = await fetch(`/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? { found: `answer ${response.status}` }, response.status);
  return answer;
}

/** An answer that a page shows; the one before stays while the next is on its way. */
export function useAnswer(path, query = {}, { every = 0 } = {}) {
  const [state, setState] = useState({ value: null, error: null, loading: true, of: null });
  const turn = useRef(0);
  const key = path === null ? null : `${path}?${JSON.stringify(clean(query))}`;
  const load = useCallback(async () => {
    if (key === null) return;
    const mine = ++turn.current;
    setState((old) => ({ ...old, loading: true }));
    try {
      const value = await ask(path, query);
      if (mine === turn.current) setState({ value, error: null, loading: false, of: key });
    } catch (error) {
      if (mine === turn.current) setState((old) => ({ value: keep(old, key), error, loading: false, of: key }));
    }
  }, [key]);
  useEffect(() => {
    load();
    return () => void turn.current++;
  }, [load]);
  useEffect(() => {
    if (!every || isStatic) return undefined;
    const timer = setInterval(() => document.visibilityState === "visible" && load(), every);
    return () => clearInterval(timer);
  }, [load, every]);
  return { ...state, again: load };
}

/** Listen to a run that goes on: `listen("runs/X/live", {nodes: …, run: …})`; returns how to stop. */
export function listen(path, handlers) {
  if (isStatic) return () => undefined;
  const source = new EventSource(`/api/${path}`);
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => event.data && handler(JSON.parse(event.data)));
  }
  source.addEventListener("end", () => source.close());
  return () => source.close();
}

const keep = (old, key) => (old.of === key ? old.value : null);

function clean(query) {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
}
