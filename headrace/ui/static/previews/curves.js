// Training: each metric over the epochs, training beside validation; then what the event files hold.
import { html, useState } from "../html.js";
import { Choice, Section } from "../parts/bits.js";
import { Lines } from "../charts/lines.js";

export default function Curves({ content, answer }) {
  const fits = content.curves ?? [];
  const [fit, setFit] = useState(String(Math.max(0, fits.length - 1)));
  const epochs = fits[Number(fit)]?.epochs ?? [];
  const logged = events(answer?.curves);
  return html`${fits.length > 0 && html`<${Section} title="Training" note=${`${epochs.length} epochs`}>
    ${fits.length > 1 && html`<div class="tools"><${Choice} label="Fit" options=${fits.map((_, index) => [String(index), `fit ${index + 1}`])} value=${fit} onChange=${setFit} /></div>`}
    <div class="charts">${metrics(epochs).map(({ title, lines }) => html`<${Lines} key=${title} title=${title} lines=${lines} />`)}</div><//>`}
  ${logged.length > 0 && !fits.length && html`<${Section} title="From the event files" note=${`${logged.length} series`}>
    <div class="charts">${logged.map(({ title, lines }) => html`<${Lines} key=${title} title=${title} lines=${lines} xName="step" />`)}</div><//>`}
  ${logged.length > 0 && fits.length > 0 && html`<details class="section"><summary>All ${logged.length} series of the event files</summary><div class="charts">${logged.map(({ title, lines }) => html`<${Lines} key=${title} title=${title} lines=${lines} xName="step" />`)}</div></details>`}`;
}

/** Put `loss` and `val_loss` into one chart. */
function metrics(epochs) {
  const all = [...new Set(epochs.flatMap((epoch) => Object.keys(epoch)))];
  const plain = [...new Set(all.map((name) => name.replace(/^val_/, "")))];
  const points = (name) => epochs.map((epoch, index) => [index + 1, epoch[name] ?? null]);
  return plain.map((title) => ({
    title,
    lines: [[title, "training", 0], [`val_${title}`, "validation", 1]].filter(([name]) => all.includes(name)).map(([name, word, side]) => ({ name: word, side, points: points(name) })),
  }));
}

/** Bring series of event files together that differ by their folder alone: `train/epoch_loss`, `validation/epoch_loss`. */
function events(curves) {
  const byTitle = new Map();
  for (const [tag, points] of Object.entries(curves ?? {})) {
    const cut = tag.lastIndexOf("/");
    const [folder, title] = cut < 0 ? ["", tag] : [tag.slice(0, cut), tag.slice(cut + 1)];
    const lines = byTitle.get(title) ?? [];
    lines.push({ name: folder || title, side: Math.min(lines.length, 1), points: points.map(([step, , value]) => [step, value]) });
    byTitle.set(title, lines);
  }
  return [...byTitle].map(([title, lines]) => ({ title, lines }));
}
