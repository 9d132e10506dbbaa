"""What a text may mean: first as a reference, then as a part of what things are called."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from headrace.errors import HeadraceError
from headrace.lineage.lists import Row
from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.metadata.records import Execution, Run
from headrace.ui.views.named import named
from headrace.ui.views.slots import label_of

EACH = 8
"""How many of a kind are shown before those of the next."""


def search_view(snapshot: Snapshot, text: str, limit: int, here: Path) -> Row:
    """Find what a text names, then what has it in its id, type, node or path."""
    if not text:
        return {"matches": []}
    rows: dict[str, Row] = {}
    for row in _matches(snapshot, text, here):
        rows.setdefault(str(row["reference"]), row)
        if len(rows) >= limit:
            break
    return {"matches": list(rows.values())}


def _matches(snapshot: Snapshot, text: str, here: Path) -> Iterator[Row]:
    with suppress(HeadraceError):  # a text that is no reference is looked for
        yield _found(named(text, snapshot, here), snapshot)
    words = text.lower()
    yield from islice(_runs(snapshot, words), EACH)
    yield from islice(_types(snapshot, words), EACH)
    yield from islice(_nodes(snapshot, words), EACH)
    yield from islice(_artifacts(snapshot, words), EACH)


def _found(found: Found, snapshot: Snapshot) -> Row:
    if isinstance(found, Run):
        return _run(found)
    if isinstance(found, Execution):
        return _row(f"execution:{found.id}", "execution", found.node, found.run, f"/lineage?focus=execution:{found.id}")
    made = snapshot.made_by(found.id)
    maker = snapshot.by_execution[made.execution] if made else None
    subtitle = f"{maker.run}/{maker.node}.{made.name}" if made and maker else found.record.path
    return _row(f"artifact:{found.id}", "artifact", label_of(found.record), subtitle, f"/artifacts/{found.id}")


def _runs(snapshot: Snapshot, words: str) -> Iterator[Row]:
    yield from (_run(run) for run in snapshot.runs() if words in run.id.lower() or words in run.pipeline.lower())


def _types(snapshot: Snapshot, words: str) -> Iterator[Row]:
    for name in snapshot.artifact_types():
        if words in name.lower():
            yield _row(f"{name}@latest", "type", name, "artifacts of this type", f"/artifacts?type={name}")


def _nodes(snapshot: Snapshot, words: str) -> Iterator[Row]:
    """Find nodes by name, each in its newest run."""
    seen: set[tuple[str, str]] = set()
    for outline in reversed(list(snapshot.by_execution.values())):
        place = (outline.pipeline, outline.node)
        if place not in seen and words in outline.node.lower():
            seen.add(place)
            href = f"/lineage?focus=execution:{outline.id}"
            yield _row(f"execution:{outline.id}", "execution", outline.node, outline.run or outline.pipeline, href)


def _artifacts(snapshot: Snapshot, words: str) -> Iterator[Row]:
    for outline in reversed(list(snapshot.by_artifact.values())):
        if words in f"artifact:{outline.id} {outline.type} {outline.uri}".lower():
            made = snapshot.made_by(outline.id)
            maker = snapshot.by_execution[made.execution] if made else None
            subtitle = f"{maker.run}/{maker.node}.{made.name}" if made and maker else outline.uri
            name = str(Vertex("artifact", outline.id))
            yield _row(name, "artifact", f"{outline.type} {outline.id}", subtitle, f"/artifacts/{outline.id}")


def _run(run: Run) -> Row:
    return _row(run.id, "run", run.id, f"{run.pipeline} {run.state}", f"/runs/{quote(run.id, safe='')}")


def _row(reference: str, kind: str, title: str, subtitle: str, href: str) -> Row:
    return {"reference": reference, "kind": kind, "title": title, "subtitle": subtitle, "href": href}
