"""The graph around a focus: what it was made from and what was made from it, and what was asked about that."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from headrace.errors import ConfigError
from headrace.lineage.label import Labels
from headrace.lineage.lists import Row
from headrace.lineage.moment import at, found_at
from headrace.lineage.query import Border, starts_of
from headrace.lineage.reference import Found, reference_to
from headrace.lineage.snapshot import Kind, Snapshot, Vertex
from headrace.lineage.view import Collapse, Collapsed, View, around, collapse, ends_of
from headrace.metadata.records import Run
from headrace.ui.views.asked import Answered, Asked
from headrace.ui.views.by_type import by_type_view
from headrace.ui.views.contract import contracted, focus_of
from headrace.ui.views.modes import blamed, touched, ways
from headrace.ui.views.named import named
from headrace.ui.views.overlay import compared, run_of
from headrace.ui.views.vertices import Notes, edge_rows, group_rows, vertex_rows


def lineage_view(labels: Labels, asked: Asked, here: Path) -> Row:
    """Answer a question to the graph. Raises ConfigError, UnknownReference."""
    whole = labels.snapshot
    if asked.as_of is not None:
        labels = replace(labels, snapshot=at(labels.snapshot, asked.as_of))
    if not asked.focus:
        return by_type_view(labels.snapshot)
    found = found_at(named, asked.focus, whole, labels.snapshot, here)
    answered = _answer(found, labels.snapshot, asked, here)
    return {**_drawn(answered, labels, asked), **answered.extra, "reference": reference_to(found)}


def _answer(found: Found, snapshot: Snapshot, asked: Asked, here: Path) -> Answered:
    match asked.mode:
        case "walk":
            return _around(found, snapshot, asked)
        case "blame":
            return blamed(_starts(found, snapshot, "up"), snapshot)
        case "impact":
            return touched(_starts(found, snapshot, "down"), snapshot)
        case "path" | "diff" if asked.to:
            other = named(asked.to, snapshot, here)
            return (ways if asked.mode == "path" else compared)(found, other, snapshot)
        case "path" | "diff":
            raise ConfigError(found=f"mode={asked.mode} without `to`", expected="two references", do="Name the other")
    modes = "walk, blame, impact, path or diff"
    raise ConfigError(found=f"mode={asked.mode!r}", expected=modes, do="Correct the address")


def _around(found: Found, snapshot: Snapshot, asked: Asked) -> Answered:
    """Look around a focus; a run is looked around from all its nodes."""
    run = run_of(found, snapshot).id if asked.within_run else ""
    starts = [_starts(found, snapshot, "up"), _starts(found, snapshot, "down")]
    if isinstance(found, Run):
        starts = [[Vertex("execution", member.id) for member in snapshot.members(found.id)]] * 2
    view = around(
        snapshot,
        *starts,
        up=Border(depth=asked.up, until=asked.until, run=run),
        down=Border(depth=asked.down, until=asked.until, run=run),
    )
    return Answered(view=view, notes=Notes(up=view.beyond_up, down=view.beyond_down))


def _starts(found: Found, snapshot: Snapshot, direction: str) -> list[Vertex]:
    return starts_of(found, snapshot, "up" if direction == "up" else "down")


def _drawn(answered: Answered, labels: Labels, asked: Asked) -> Row:
    """Draw the view whole where it fits, and with runs or types as one otherwise; nothing is left out in silence."""
    view, total = answered.view, len(answered.view.vertices)
    if asked.collapse not in ("", "none", "run", "type"):
        raise ConfigError(found=f"collapse={asked.collapse!r}", expected="none, run or type", do="Correct the address")
    together = _together(view, labels.snapshot, asked)
    if together:
        vertices, edges = group_rows(together, labels)
        words = f"{total:,} executions and artifacts as {len(vertices):,} {together.by}s"
        return _row(view.focus, vertices, edges, total, note=words, is_collapsed=True)
    shown = _nearest(view, asked.limit)
    note = f"{len(shown.vertices):,} of {total:,}" if shown.hidden else ""
    if asked.kinds in ("artifacts", "executions"):
        kind: Kind = "artifact" if asked.kinds == "artifacts" else "execution"
        kept, edges = contracted(shown, kind, labels)
        rows = vertex_rows(kept, labels, answered.notes)
        return _row(focus_of(shown, kind, shown.edges), rows, edges, total, note=note)
    edges = edge_rows(shown.edges, answered.diff)
    return _row(shown.focus, vertex_rows(shown.vertices, labels, answered.notes), edges, total, note=note)


def _together(view: View, snapshot: Snapshot, asked: Asked) -> Collapsed | None:
    by: list[Collapse] = ["run", "type"]
    if asked.collapse in ("run", "type"):
        by = ["run"] if asked.collapse == "run" else ["type"]
    elif asked.collapse == "none" or len(view.vertices) <= asked.limit:
        return None
    tried = [collapse(snapshot, view, each) for each in by]
    return next((each for each in tried if len(each.groups) <= asked.limit), tried[-1])


def _nearest(view: View, most: int) -> View:
    """Keep what is nearest to the focus."""
    if len(view.vertices) <= most:
        return view
    nearest = sorted(view.vertices, key=lambda vertex: abs(view.vertices[vertex]))[:most]
    kept = set(nearest)
    edges = [edge for edge in view.edges if {*ends_of(edge)} <= kept]
    vertices = {vertex: view.vertices[vertex] for vertex in nearest}
    return replace(view, vertices=vertices, edges=edges, hidden=len(view.vertices) - most)


def _row(
    focus: Iterable[Vertex], vertices: list[Row], edges: list[Row], total: int, *, note: str, is_collapsed: bool = False
) -> Row:
    return {
        "focus": [str(vertex) for vertex in focus],
        "vertices": vertices,
        "edges": edges,
        "shown": len(vertices),
        "total": total,
        "collapsed": is_collapsed,
        "note": note,
    }
