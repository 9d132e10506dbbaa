"""The answers that a static site holds: what its pages ask for, each made when it is written."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Run
from headrace.ui.payload import payload_of
from headrace.ui.shown import Shown
from headrace.ui.views.artifact import artifact_view
from headrace.ui.views.artifacts import artifacts_view
from headrace.ui.views.asked import Asked
from headrace.ui.views.compare import compare_view
from headrace.ui.views.lineage import lineage_view
from headrace.ui.views.meta import meta_view
from headrace.ui.views.run import run_view
from headrace.ui.views.runs import runs_view
from headrace.ui.views.whole_graph import whole_graph_view

LONGEST, KEPT = 100, 80
"""Characters of a name, and how many are kept of a longer one."""
_GRAPH = ("focus", "vertices", "edges", "shown", "total", "collapsed", "note")

Query = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An answer by the path and query that ask for it; parts of the path that hold anything are quoted."""

    path: str
    query: Query
    make: Callable[[], Row]

    @property
    def file(self) -> str:
        return f"{name_of(self.path, self.query)}.js"


def answers(shown: Shown) -> Iterator[Exported]:
    """List the answers: the lists, the graph as a whole, and each run and artifact with what is asked about it."""
    labels, previews = shown.labels(), shown.previews
    snapshot = labels.snapshot
    everything = len(snapshot.by_artifact)
    yield _one("meta", lambda: {**meta_view(snapshot, shown.store), "read_only": True, "can_taint": False})
    yield _one("runs", lambda: runs_view(snapshot, previews, limit=len(snapshot.by_run)))
    yield _one("artifacts", lambda: artifacts_view(labels, previews, limit=everything))
    yield _one("lineage", lambda: lineage_view(labels, Asked(), shown.here))
    yield _one("graph", lambda: whole_graph_view(labels))
    for run in snapshot.runs():
        yield _of_run(run, shown)
    for number in snapshot.by_artifact:
        yield from _of_artifact(number, shown)
    for older, newer in _neighbours(snapshot):
        yield from _of_pair(older, newer, shown)


def name_of(path: str, query: Query) -> str:
    """Name the file of an answer, as the pages do: what no name may hold is written as `~` and its code."""
    pairs = "".join(f".{name}={quoted(query[name])}" for name in sorted(query))
    name = re.sub(r"[^A-Za-z0-9=._~-]", "_", (path + pairs).replace("%", "~").replace("/", "_"))
    return name if len(name) <= LONGEST else f"{name[:KEPT]}-{_fnv(name):08x}"


def quoted(text: str) -> str:
    """Write a text so that it is one part of a path."""
    return quote(text, safe="").replace("~", "%7E")


def _one(path: str, make: Callable[[], Row], **query: str) -> Exported:
    return Exported(path=path, query=query, make=make)


def _of_run(run: Run, shown: Shown) -> Exported:
    snapshot = shown.snapshot()
    return _one(f"runs/{quoted(run.id)}", lambda: run_view(run, snapshot, shown.plan(run.id), shown.previews))


def _of_artifact(number: int, shown: Shown) -> Iterator[Exported]:
    labels, previews, focus = shown.labels(), shown.previews, f"artifact:{number}"

    def whole() -> Row:
        (artifact,) = labels.snapshot.artifacts_with([number])
        return artifact_view(artifact, payload_of(artifact, previews), labels, previews)

    def asked(mode: str) -> Row:
        return lineage_view(labels, Asked(focus=focus, mode=mode), shown.here)

    yield _one(f"artifacts/{number}", whole)
    yield _one("lineage", lambda: asked("blame"), focus=focus, mode="blame")
    yield _one("lineage", lambda: _without_graph(asked("impact")), focus=focus, mode="impact")


def _without_graph(row: Row) -> Row:
    """Leave out what the page finds by walking the graph."""
    return {name: value for name, value in row.items() if name not in _GRAPH}


def _of_pair(older: str, newer: str, shown: Shown) -> Iterator[Exported]:
    labels, here = shown.labels(), shown.here
    over = Asked(focus=f"run:{older}", mode="diff", to=f"run:{newer}")
    yield _one("compare", lambda: compare_view(labels.snapshot, f"run:{older}", f"run:{newer}", here), a=older, b=newer)
    yield _one("lineage", lambda: lineage_view(labels, over, here), focus=older, mode="diff", to=newer)


def _neighbours(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Pair each run with the one of its pipeline before it."""
    by_pipeline = groupby(sorted(snapshot.runs(), key=lambda run: run.pipeline), key=lambda run: run.pipeline)
    for _, found in by_pipeline:
        newest_first = [run.id for run in found]
        yield from zip(newest_first[1:], newest_first, strict=False)


def _fnv(text: str) -> int:
    """Digest a text by FNV-1a of 32 bits, which the pages can do at once."""
    digest = 0x811C9DC5
    for byte in text.encode():
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest
