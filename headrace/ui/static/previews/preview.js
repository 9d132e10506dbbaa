// Which view shows an artifact: one for each type that ships, and a plain one for all others.
import { html, useEffect, useState } from "../html.js";
import { Failure, Loading } from "../parts/messages.js";
import { Section } from "../parts/bits.js";

const VIEWS = {
  Examples: () => import("./examples.js"),
  ExampleStatistics: () => import("./statistics.js"),
  Schema: () => import("./schema.js"),
  ExampleAnomalies: () => import("./anomalies.js"),
  TransformGraph: () => import("./transform_graph.js"),
  TunerResults: () => import("./trials.js"),
  HyperParameters: () => import("./hyperparameters.js"),
  Model: () => import("./model.js"),
  ModelRun: () => import("./curves.js"),
  ModelEvaluation: () => import("./evaluation.js"),
  ModelBlessing: () => import("./blessing.js"),
  PushedModel: () => import("./pushed.js"),
};

/** Show what is in an artifact; `answer` is that of /api/artifacts/ID. */
export function Preview({ answer }) {
  const { artifact, preview, curves } = answer;
  const type = answer.preview_type ?? preview?.type ?? artifact.type;
  const content = preview?.content ?? (curves && type === "ModelRun" ? {} : null);
  const load = content && (VIEWS[type] ?? VIEWS[artifact.type]);
  const [view, setView] = useState(null);
  useEffect(() => {
    let still = true;
    setView(null);
    load?.().then((module) => still && setView({ View: module.default }), (error) => still && setView({ error }));
    return () => void (still = false);
  }, [type, artifact.id]);
  if (!content) return null;
  if (!load) return html`<${Plain} content=${content} summary=${preview?.summary} />`;
  if (!view) return html`<${Loading} />`;
  if (view.error) return html`<${Failure} error=${view.error} />`;
  return html`<${view.View} content=${content} answer=${answer} summary=${preview?.summary} />`;
}

const Plain = ({ content, summary }) => html`<${Section} title="Preview" note=${summary}><pre class="log">${JSON.stringify(content, null, 2)}</pre><//>`;
