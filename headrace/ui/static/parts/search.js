// The search of every page: references first, as on the command line, then text.
import { html, useEffect, useRef, useState } from "../html.js";
import { ask } from "../api.js";
import { go } from "../router.js";
import { Icon, TypeIcon } from "../icons.js";

/** Ask while somebody types; the last question wins. `of` is the text that the matches are for. */
export function useMatches(text) {
  const [found, setFound] = useState({ of: "", matches: [] });
  useEffect(() => {
    if (!text.trim()) return void setFound({ of: "", matches: [] });
    let still = true;
    const timer = setTimeout(() => {
      ask("search", { q: text, limit: 12 }).then(
        (answer) => still && setFound({ of: text, matches: answer.matches }),
        () => still && setFound({ of: "", matches: [] }),
      );
    }, 120);
    return () => {
      still = false;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}

export function Search() {
  const input = useRef(null);
  useEffect(() => {
    const listener = (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
  const choose = (match) => go(match.href.split("?")[0], Object.fromEntries(new URLSearchParams(match.href.split("?")[1] ?? "")));
  return html`<div class="search"><${ReferenceBox} inputRef=${input} label="Search runs, artifacts, executions" placeholder="Search, or a reference" onChoose=${choose} clears /></div>`;
}

/** A box for a reference with what fits it below: a combobox. */
export function ReferenceBox({ inputRef, label, placeholder, value = "", onChoose, onText, clears = false }) {
  const own = useRef(null);
  const input = inputRef ?? own;
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const { of, matches } = useMatches(open ? text : "");
  const nothing = open && text.trim() && of === text && !matches.length;
  const id = useRef(`matches-${Math.random().toString(36).slice(2)}`).current;
  useEffect(() => setText(value), [value]);
  const choose = (match) => {
    setOpen(false);
    setText(clears ? "" : match.reference);
    input.current?.blur();
    onChoose(match);
  };
  const keys = (event) => {
    const last = matches.length - 1;
    if (event.key === "ArrowDown") (event.preventDefault(), setAt(Math.min(last, at + 1)));
    else if (event.key === "ArrowUp") (event.preventDefault(), setAt(Math.max(0, at - 1)));
    else if (event.key === "Escape") (setOpen(false), input.current?.blur());
    else if (event.key === "Enter" && matches[at]) choose(matches[at]);
    else if (event.key === "Enter" && text.trim() && onText) (setOpen(false), onText(text.trim()));
    else if (event.key === "Enter") setOpen(true);
  };
  return html`<div class="combobox">
    <${Icon} name="search" size="14" />
    <input ref=${input} type="text" role="combobox" spellcheck=${false} autocomplete="off" aria-label=${label} aria-expanded=${open && matches.length > 0} aria-controls=${id}
      aria-activedescendant=${open && matches[at] ? `${id}-${at}` : undefined} placeholder=${placeholder} value=${text}
      onInput=${(event) => (setText(event.target.value), setOpen(true), setAt(0))} onFocus=${() => setOpen(true)} onBlur=${() => setTimeout(() => setOpen(false), 150)} onKeyDown=${keys} />
    ${open && matches.length > 0 && html`<ul id=${id} role="listbox" class="matches" aria-label="Matches">
      ${matches.map((match, index) => html`<li id=${`${id}-${index}`} role="option" aria-selected=${index === at} onMouseDown=${(event) => (event.preventDefault(), choose(match))} onMouseEnter=${() => setAt(index)}>
        <${TypeIcon} type=${match.type ?? match.kind} /><span class="match-title">${match.title}</span><span class="match-more">${match.subtitle}</span>
      </li>`)}
    </ul>`}
    <p class="hidden" role="status">${nothing ? `Nothing is called “${text.trim()}”` : ""}</p>
    ${nothing && html`<p class="matches is-nothing">Nothing is called “${text.trim()}”<span class="match-more">A run, artifact:4, Model@latest, RUN/Trainer.model, a path, or a part of a name</span></p>`}
  </div>`;
}
