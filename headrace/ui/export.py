"""Writes the pages as a static site: the same files, and the answers that they can do with."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import HeadraceError, UsageError
from headrace.metadata.reader import last_attempts
from headrace.ui.answer import VERSION, said_by, text_of
from headrace.ui.exported import Exported, answers, name_of, quoted
from headrace.ui.modules import modules
from headrace.ui.policy import EXPORTED_POLICY
from headrace.ui.recorded import log_of
from headrace.ui.shown import Shown
from headrace.ui.static_files import STATIC

MARK = '<meta name="headrace-static" content="1">'
LOADED = {
    'rel="modulepreload"': 'rel="module"',
    '<script type="module" src="static/app.js">': '<script defer src="static/start.js">',
}
"""How a served document asks for modules, and an exported one: `start.js` knows whether they can be had."""
TAIL = 200


@dataclass(frozen=True)
class Written:
    """What was written: how many answers, how many bytes in all, and which answers could not be made, with why."""

    answers: int
    bytes: int
    refused: Sequence[str] = ()


def export(shown: Shown, folder: Path) -> Written:
    """Write the site. Raises UsageError for a folder that holds something else."""
    _clear(folder)
    shutil.copytree(STATIC, folder / "static", ignore=shutil.ignore_patterns("index.html", ".*"))
    (folder / "index.html").write_text(_index(), encoding="utf-8")
    (folder / "static" / "modules.js").write_text(_giving(text_of(modules(STATIC))), encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    count = size = 0
    refused: list[str] = []
    for name, text in _files(shown, refused):
        script = _giving(text)
        (data / name).write_text(script, encoding="utf-8")
        count, size = count + 1, size + len(script)
    return Written(count, size, refused)


def _files(shown: Shown, refused: list[str]) -> Iterator[tuple[str, str]]:
    for each in answers(shown):
        yield each.file, _text(each, refused)
    yield from _logs(shown)


def _text(asked: Exported, refused: list[str]) -> str:
    """Write an answer, or why there is none: the others do without it."""
    try:
        return text_of({"version": VERSION, **asked.make()})
    except HeadraceError as error:
        why = said_by(error)
    except Exception as error:  # an answer of the page, as in a request of it: the site is written without
        said = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
        why = {"found": said, "expected": "an answer", "do": "Start headrace ui on the store to ask it"}
    refused.append(f"{asked.file}: {why['found']}")
    return text_of({"version": VERSION, "error": why})


def _logs(shown: Shown) -> Iterator[tuple[str, str]]:
    if shown.place is None:
        return
    snapshot = shown.snapshot()
    for run in snapshot.runs():
        for node, execution in last_attempts(snapshot.in_run(run.id)).items():
            if (text := log_of(execution, snapshot, shown.place, TAIL)) is not None:
                yield f"{name_of(f'runs/{quoted(run.id)}/nodes/{quoted(node)}/log', {})}.js", text_of(text)


def _giving(text: str) -> str:
    """Write a text of JSON as a script that gives it to the page; as an object, `__proto__` would be no name."""
    inside = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"headrace.give('{inside}')\n"


def _index() -> str:
    text = (STATIC / "index.html").read_text(encoding="utf-8").replace('"/static/', '"static/')
    for served, exported in LOADED.items():
        text = text.replace(served, exported)
    marks = f'{MARK}\n<meta http-equiv="Content-Security-Policy" content="{EXPORTED_POLICY}">'
    return re.sub(r"(<meta charset=[^>]*>)", lambda found: f"{found[1]}\n{marks}", text, count=1)


def _clear(folder: Path) -> None:
    """Make an empty folder; one that holds an earlier export is written anew."""
    index = folder / "index.html"
    if folder.is_dir() and any(folder.iterdir()):
        if not index.is_file() or MARK not in index.read_text(encoding="utf-8", errors="replace"):
            raise UsageError(
                found=f"{folder}, which is not empty",
                expected="a new folder, or an earlier export",
                do="Name another, or empty it",
            )
        for old in ("static", "data"):
            shutil.rmtree(folder / old, ignore_errors=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            found=f"--export {folder} ({error.strerror})", expected="a folder that can be made", do="Name another"
        ) from error
