"""Writes the pages as a static site: the same files, and every answer that they ask for by default."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from headrace.errors import UsageError
from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.reader import last_attempts
from headrace.ui.answer import VERSION, text_of
from headrace.ui.payload import payload_of
from headrace.ui.policy import POLICY
from headrace.ui.recorded import log_of
from headrace.ui.shown import Shown
from headrace.ui.static_files import STATIC
from headrace.ui.views.artifact import artifact_view
from headrace.ui.views.artifacts import artifacts_view
from headrace.ui.views.asked import Asked
from headrace.ui.views.compare import compare_view
from headrace.ui.views.lineage import lineage_view
from headrace.ui.views.meta import meta_view
from headrace.ui.views.run import run_view
from headrace.ui.views.runs import runs_view

MARK = '<meta name="headrace-static" content="1">'
TAIL = 200
LONGEST, KEPT = 100, 80
"""Characters of a name, and how many are kept of a longer one."""

Query = Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """What was written: how many answers, and how many bytes in all."""

    answers: int
    bytes: int


def export(shown: Shown, folder: Path) -> Written:
    """Write the site. Raises UsageError for a folder that holds something else."""
    _clear(folder)
    shutil.copytree(STATIC, folder / "static", ignore=shutil.ignore_patterns("index.html", ".*"))
    (folder / "index.html").write_text(_index(), encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    count = size = 0
    for name, text in _files(shown):
        (data / name).write_text(text, encoding="utf-8")
        count, size = count + 1, size + len(text)
    return Written(count, size)


def name_of(path: str, query: Query) -> str:
    """Name the file of an answer, as the pages do."""
    pairs = "".join(f".{name}={query[name]}" for name in sorted(query))
    name = re.sub(r"[^A-Za-z0-9=._-]", "_", path.replace("/", "_") + pairs)
    return name if len(name) <= LONGEST else f"{name[:KEPT]}-{_fnv(name):08x}"


def _files(shown: Shown) -> Iterator[tuple[str, str]]:
    for path, query, view in _answers(shown):
        yield f"{name_of(path, query)}.json", text_of({"version": VERSION, **view})
    yield from _logs(shown)


def _answers(shown: Shown) -> Iterator[tuple[str, Query, Row]]:
    labels, previews, here = shown.labels(), shown.previews, shown.here
    snapshot = labels.snapshot
    yield "meta", {}, {**meta_view(snapshot, shown.store), "read_only": True, "can_taint": False}
    yield "runs", {}, runs_view(snapshot, limit=len(snapshot.by_run))
    yield "artifacts", {}, artifacts_view(labels, previews, limit=len(snapshot.by_artifact))
    yield "lineage", {}, lineage_view(labels, Asked(), here)
    for run in snapshot.runs():
        yield f"runs/{run.id}", {}, run_view(run, snapshot, shown.plan(run.id), previews)
        yield "lineage", {"focus": f"run:{run.id}"}, lineage_view(labels, Asked(focus=run.id), here)
    for artifact in snapshot.artifacts():
        focus = f"artifact:{artifact.id}"
        yield (
            f"artifacts/{artifact.id}",
            {},
            artifact_view(artifact, payload_of(artifact, previews), labels, previews),
        )
        yield "lineage", {"focus": focus}, lineage_view(labels, Asked(focus=focus), here)
    for older, newer in _neighbours(snapshot):
        yield "compare", {"a": older, "b": newer}, compare_view(snapshot, older, newer, here)


def _neighbours(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Pair each run with the one of its pipeline before it."""
    by_pipeline = groupby(sorted(snapshot.runs(), key=lambda run: run.pipeline), key=lambda run: run.pipeline)
    for _, found in by_pipeline:
        newest_first = [run.id for run in found]
        yield from zip(newest_first[1:], newest_first, strict=False)


def _logs(shown: Shown) -> Iterator[tuple[str, str]]:
    if shown.place is None:
        return
    snapshot = shown.snapshot()
    for run in snapshot.runs():
        for node, execution in last_attempts(snapshot.in_run(run.id)).items():
            if (text := log_of(execution, snapshot, shown.place, TAIL)) is not None:
                yield f"runs_{run.id}_nodes_{node}_log.txt", text


def _index() -> str:
    text = (STATIC / "index.html").read_text(encoding="utf-8").replace('"/static/', '"static/')
    policy = "; ".join(part for part in POLICY.split("; ") if not part.startswith("frame-ancestors"))
    marks = f'{MARK}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
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


def _fnv(text: str) -> int:
    """Digest a text by FNV-1a of 32 bits, which the pages can do at once."""
    digest = 0x811C9DC5
    for byte in text.encode():
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest
