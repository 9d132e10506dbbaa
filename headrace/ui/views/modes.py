"""Answers about the graph: what determined something, what it touched, the ways between two things."""

from collections.abc import Sequence

from headrace.errors import ConfigError
from headrace.lineage.blame import blame
from headrace.lineage.impact import impact
from headrace.lineage.lists import Row
from headrace.lineage.paths import Ways, ways_between
from headrace.lineage.query import walk
from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.lineage.view import View, ends_of, view_of
from headrace.lineage.view_of_answers import view_of_blame
from headrace.metadata.records import Run
from headrace.spec.records import Json
from headrace.ui.views.asked import Answered
from headrace.ui.views.blame import blame_row
from headrace.ui.views.vertices import Notes


def blamed(start: Sequence[Vertex], snapshot: Snapshot) -> Answered:
    """Show what determined something: the executions that did the work, what passed between them, the leaves."""
    found = blame(snapshot, start)
    leaves = {Vertex("artifact", leaf.artifact) for leaf in found.data}
    why: dict[Vertex, Sequence[Json]] = {
        Vertex("artifact", leaf.artifact): [leaf.source, *(f"{name}: {value}" for name, value in leaf.facts.items())]
        for leaf in found.data
    }
    marks = {leaf: ["leaf"] for leaf in leaves}
    view = view_of_blame(found, snapshot)
    return Answered(view=view, notes=Notes(why=why, marks=marks), extra={"blame": blame_row(found)})


def touched(start: Sequence[Vertex], snapshot: Snapshot) -> Answered:
    """Show all that was made from something."""
    found = impact(snapshot, start)
    counts: Row = {
        "artifacts": {kind: len(numbers) for kind, numbers in found.artifacts.items()},
        "runs": list(found.runs),
        "models": [
            {"artifact": m.artifact, "run": m.run, "blessed": m.marks.blessed, "pushed": list(m.marks.pushed)}
            for m in found.models
        ],
        "pushed": list(found.pushed),
    }
    return Answered(view=view_of([found.walk]), extra={"impact": counts})


def ways(one: Found, other: Found, snapshot: Snapshot) -> Answered:
    """Show everything that is on a way between two things. Raises ConfigError for runs."""
    source, target = _point(one), _point(other)
    found = ways_between(snapshot, source, target)
    upper, lower = (source, target) if found.direction == "down" else (target, source)
    down, up = walk(snapshot, [upper], "down"), walk(snapshot, [lower], "up")
    between = down.distances.keys() & up.distances.keys() if found.count else {source, target}
    edges = dict.fromkeys(edge for edge in (*down.edges, *up.edges) if {*ends_of(edge)} <= between)
    vertices = {vertex: down.distances.get(vertex, 0) for vertex in between}
    view = View(focus=[source, target], vertices=vertices, edges=list(edges), beyond_up={}, beyond_down={}, folded={})
    return Answered(view=view, notes=Notes(marks=_on_shortest(found)), extra={"ways": _ways_row(found)})


def _ways_row(found: Ways) -> Row:
    return {
        "count": found.count,
        "direction": found.direction,
        "shortest": [str(vertex) for vertex in found.shortest],
    }


def _on_shortest(found: Ways) -> dict[Vertex, Sequence[str]]:
    return {vertex: ["shortest"] for vertex in found.shortest}


def _point(found: Found) -> Vertex:
    if isinstance(found, Run):
        raise ConfigError(
            found=f"the run {found.id} as the end of a way",
            expected="an artifact or an execution",
            do=f"Name a node of it: {found.id}/NODE",
        )
    return Vertex("execution" if hasattr(found, "status") else "artifact", found.id)
