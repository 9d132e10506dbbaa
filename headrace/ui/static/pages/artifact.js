// An artifact: what it holds, who made it and from what, who reads it.
import { html, useEffect, useState } from "../html.js";
import { send, useAnswer } from "../api.js";
import { href, isStatic } from "../router.js";
import { ago, bytes, moment, plain, plural } from "../format.js";
import { Icon, TypeIcon } from "../icons.js";
import { Failure, Loading } from "../parts/messages.js";
import { Copy, Facts, Marks, RunLink, Section } from "../parts/bits.js";
import { Preview } from "../previews/preview.js";
import { Blame } from "./blame.js";

function Outside({ artifact }) {
  return html`<div class="notice"><strong>Its files are outside the folders that may be read</strong><p>${artifact.path} was not looked at.${artifact.root && ` Start with --root ${artifact.root} to show what is there.`}</p></div>`;
}

export default function ArtifactPage({ id }) {
  const { value, error, again } = useAnswer(`artifacts/${encodeURIComponent(id)}`);
  const { value: meta } = useAnswer("meta");
  const artifact = value?.artifact;
  useEffect(() => void (document.title = `${artifact?.type ?? "Artifact"} ${id} · headrace`), [id, artifact]);
  if (error && !value) return html`<${Failure} error=${error} />`;
  if (!value) return html`<${Loading} />`;
  return html`<article class="artifact">
    <${Head} artifact=${artifact} maker=${value.maker} canTaint=${meta?.can_taint} onTainted=${again} />
    ${artifact.exists === false && html`<div class="notice is-failed"><strong>Its files are gone</strong><p>${artifact.path} holds nothing any more. What is recorded of it stays.</p></div>`}
    ${artifact.outside && html`<${Outside} artifact=${artifact} />`}
    <${Preview} answer=${value} />
    ${value.blame && html`<${Blame} blame=${value.blame} />`}
    <${Readers} title="Read by" readers=${value.readers ?? []} />
    <${Readers} title="Reused from the cache by" readers=${value.reused_by ?? []} />
    <${Properties} properties=${artifact.properties} />
    <${Files} id=${artifact.id} files=${value.files} total=${value.files_total} />
  </article>`;
}

function Head({ artifact, maker, canTaint, onTainted }) {
  const run = artifact.run ?? maker?.run;
  return html`<header>
    <div class="crumbs"><a href=${href("/artifacts")}>Artifacts</a><span>/</span><a href=${href("/artifacts", { type: artifact.type })}>${artifact.type}</a></div>
    <div class="head"><h1 class="with-icon"><${TypeIcon} type=${artifact.type} size=${24} />${artifact.type}</h1><span class="mono quiet">artifact:${artifact.id}</span>
      <${Marks} marks=${artifact.marks} state=${artifact.state} />
      <span class="grow" />
      ${canTaint && html`<${isMarked(artifact) ? Untaint : Taint} id=${artifact.id} onDone=${onTainted} />`}
      <a class="button" href=${href("/lineage", { focus: `artifact:${artifact.id}` })}><${Icon} name="branch" size="14" />Lineage</a>
      <a class="button" href=${href("/lineage", { focus: `artifact:${artifact.id}`, mode: "impact" })}>Impact</a></div>
    <${Facts} facts=${[
      ["Tainted", artifact.taints?.length ? artifact.taints.map((taint, index) => html`${index > 0 && "; "}${taint.reason}${taint.source !== `artifact:${artifact.id}` && html` (from <${Source} source=${taint.source} />)`}`) : ""],
      ["Made by", maker?.node || artifact.node ? html`<span>${maker?.node ?? artifact.node}${run ? html` in <${RunLink} id=${run} />` : ""}</span>` : ""],
      ["Made", html`<span title=${moment(artifact.created)}>${ago(artifact.created)}</span>`],
      ["Span", artifact.span],
      ["Size", artifact.size ? bytes(artifact.size) : ""],
      ["Content", artifact.digest ? html`<span class="mono">${artifact.digest.slice(0, 12)}</span>` : ""],
      ["Path", artifact.path ? html`<span class="path mono">${artifact.path}<${Copy} text=${artifact.path} /></span>` : ""],
    ]} />
  </header>`;
}

/** Tell whether an artifact is marked itself, and not only made from what is. */
const isMarked = ({ id, taints }) => (taints ?? []).some((taint) => taint.source === `artifact:${id}`);

function Source({ source }) {
  const [, kind, number] = /^(artifact|execution):(\d+)$/.exec(source) ?? [];
  if (!kind) return html`<${RunLink} id=${source} />`;
  return html`<a class="mono" href=${kind === "artifact" ? href(`/artifacts/${number}`) : href("/lineage", { focus: source })}>${source}</a>`;
}

function Untaint({ id, onDone }) {
  const [error, setError] = useState(null);
  const unmark = () => send(`artifacts/${id}/untaint`, {}).then(onDone, setError);
  return html`<button type="button" class="button" onClick=${unmark}>No longer tainted</button>${error && html`<span class="quiet">${error.found}</span>`}`;
}

function Taint({ id, onDone }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [error, setError] = useState(null);
  if (!asking) return html`<button type="button" class="button" onClick=${() => setAsking(true)}>Mark tainted</button>`;
  const mark = (event) => {
    event.preventDefault();
    send(`artifacts/${id}/taint`, { reason }).then(() => (setAsking(false), onDone()), setError);
  };
  return html`<form class="inline-form" onSubmit=${mark}><input class="input" value=${reason} placeholder="Why? Nothing made from it will be reused" aria-label="Reason" onInput=${(event) => setReason(event.target.value)} /><button class="button is-main" disabled=${!reason.trim()}>Mark</button><button type="button" class="button" onClick=${() => setAsking(false)}>Keep</button>${error && html`<span class="quiet">${error.found}</span>`}</form>`;
}

function Readers({ title, readers }) {
  if (!readers.length) return null;
  return html`<${Section} title=${title} note=${plural(readers.length, "execution")}><ul class="columns">
    ${readers.slice(0, 60).map((reader) => html`<li><a href=${href("/lineage", { focus: `execution:${reader.execution}` })}>${reader.node ?? `execution ${reader.execution}`}</a> ${reader.run && html`<${RunLink} id=${reader.run} />`}</li>`)}
    ${readers.length > 60 && html`<li class="quiet">and ${readers.length - 60} more</li>`}
  </ul><//>`;
}

function Properties({ properties }) {
  const pairs = Object.entries(properties ?? {});
  if (!pairs.length) return null;
  return html`<${Section} title="Properties"><dl class="pairs is-wide">
    ${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd class="mono">${plain(value)}</dd></div>`)}
  </dl><//>`;
}

const File = ({ id, path }) => (isStatic ? path : html`<a href=${`/api/artifacts/${id}/files/${path.split("/").map(encodeURIComponent).join("/")}`} download>${path}</a>`);

function Files({ id, files = [], total }) {
  if (!files.length) return null;
  return html`<${Section} title="Files" note=${files.length < total ? `${files.length} of ${total}` : total}>
    <table class="table is-narrow"><tbody>${files.map((file) => html`<tr><td class="mono"><${File} id=${id} path=${file.path} /></td><td class="num">${bytes(file.size)}</td></tr>`)}</tbody></table><//>`;
}

