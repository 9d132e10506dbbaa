"""What a page or a figure shows of the graph: the surroundings of a focus, whole or with runs or types as one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from headrace.lineage.query import Border, Walk, walk
from headrace.lineage.snapshot import Edge, Snapshot, Vertex

Collapse = Literal["run", "type"]


@dataclass(frozen=True, kw_only=True)
class View:
    """A focus with what is around it: vertices with their distance, below zero for what it was made from.

    `beyond_up` and `beyond_down` count the neighbours that are not shown, `folded` lists cached executions; `hidden`
    says how many vertices a cap left out.
    """

    focus: Sequence[Vertex]
    vertices: Mapping[Vertex, int]
    edges: Sequence[Edge]
    beyond_up: Mapping[Vertex, int]
    beyond_down: Mapping[Vertex, int]
    folded: Mapping[Vertex, Sequence[int]]
    hidden: int = 0


@dataclass(frozen=True, kw_only=True)
class Group:
    """Vertices that are shown as one: those of a run, or of a type."""

    id: str
    label: str
    kind: Literal["run", "artifact", "execution"]
    members: Sequence[Vertex]
    states: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a group makes another one use, so many times."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Collapsed:
    """A view with groups instead of vertices; `hidden` says how many groups a cap left out."""

    by: Collapse
    groups: Sequence[Group]
    links: Sequence[Link]
    hidden: int = 0


def around(
    snapshot: Snapshot,
    up_from: Iterable[Vertex],
    down_from: Iterable[Vertex],
    *,
    up: Border | None,
    down: Border | None,
    cached: bool = False,
    most: int | None = None,
) -> View:
    """Look around a focus, up and down to a border each; None for not at all.

    `most` caps the vertices, nearest first.
    """
    above = [] if up is None else [walk(snapshot, up_from, "up", up, cached=cached)]
    below = [] if down is None else [walk(snapshot, down_from, "down", down, cached=cached)]
    return view_of([*above, *below], most)


def view_of(walks: Sequence[Walk], most: int | None = None) -> View:
    """Put walks together; `most` caps the vertices."""
    signed: dict[Vertex, int] = {}
    for found in walks:
        sign = -1 if found.direction == "up" else 1
        for vertex, distance in found.distances.items():
            signed.setdefault(vertex, sign * distance)
    view = View(
        focus=list(dict.fromkeys(vertex for found in walks for vertex in found.start)),
        vertices=signed,
        edges=list(dict.fromkeys(edge for found in walks for edge in found.edges)),
        beyond_up=_counts(walks, "up"),
        beyond_down=_counts(walks, "down"),
        folded=_folded(walks),
    )
    return capped(view, most)


def capped(view: View, most: int | None) -> View:
    """Keep so many vertices of a view, the nearest, and count the others as hidden."""
    if most is None or len(view.vertices) <= most:
        return view
    nearest = sorted(view.vertices, key=lambda vertex: abs(view.vertices[vertex]))
    kept = dict.fromkeys(nearest[:most])
    return replace(
        view,
        vertices={vertex: distance for vertex, distance in view.vertices.items() if vertex in kept},
        edges=[edge for edge in view.edges if {*ends_of(edge)} <= kept.keys()],
        beyond_up={v: n for v, n in view.beyond_up.items() if v in kept},
        beyond_down={v: n for v, n in view.beyond_down.items() if v in kept},
        folded={v: n for v, n in view.folded.items() if v in kept},
        hidden=view.hidden + len(view.vertices) - len(kept),
    )


def ends_of(edge: Edge) -> tuple[Vertex, Vertex]:
    """Return the ends of an edge in the direction of what is made: from an input, to an output."""
    execution, artifact = Vertex("execution", edge.execution), Vertex("artifact", edge.artifact)
    return (artifact, execution) if edge.side == "input" else (execution, artifact)


def collapse(snapshot: Snapshot, view: View, by: Collapse) -> Collapsed:
    """Show the runs of a view as one each, or its types; those come first of which something was first."""
    group_of = {vertex: _group(snapshot, vertex, by) for vertex in view.vertices}
    members: dict[tuple[str, str, str], list[Vertex]] = {}
    for vertex, group in group_of.items():
        members.setdefault(group, []).append(vertex)
    links: Counter[tuple[str, str]] = Counter()
    for edge in view.edges:
        source, target = (group_of[end][0] for end in ends_of(edge))
        if source != target:
            links[source, target] += 1
    return Collapsed(
        by=by,
        groups=[
            Group(id=i, label=label, kind=_kind(kind), members=held, states=_states(snapshot, held))
            for (i, label, kind), held in sorted(members.items(), key=lambda item: min(map(snapshot.order_of, item[1])))
        ],
        links=[Link(source=s, target=t, count=n) for (s, t), n in links.items()],
    )


def capped_groups(collapsed: Collapsed, view: View, most: int | None) -> Collapsed:
    """Keep so many groups, those with the nearest vertices, and count the others as hidden."""
    if most is None or len(collapsed.groups) <= most:
        return collapsed
    nearest = sorted(collapsed.groups, key=lambda group: min(abs(view.vertices[v]) for v in group.members))
    kept = {group.id for group in nearest[:most]}
    return replace(
        collapsed,
        groups=[group for group in collapsed.groups if group.id in kept],
        links=[link for link in collapsed.links if {link.source, link.target} <= kept],
        hidden=len(collapsed.groups) - len(kept),
    )


def _group(snapshot: Snapshot, vertex: Vertex, by: Collapse) -> tuple[str, str, str]:
    if by == "type" and vertex.kind == "artifact":
        artifact = snapshot.by_artifact.get(vertex.number)
        name = artifact.type if artifact else "Artifact"
        return f"artifact:{name}", name, "artifact"
    if by == "type":
        node = snapshot.by_execution[vertex.number].node
        return f"execution:{node}", node, "execution"
    run = snapshot.run_of(vertex)
    return (f"run:{run}", run, "run") if run else ("run:", "no run", "run")


def _kind(text: str) -> Literal["run", "artifact", "execution"]:
    return "run" if text == "run" else "artifact" if text == "artifact" else "execution"


def _states(snapshot: Snapshot, members: Sequence[Vertex]) -> Mapping[str, int]:
    executions = [snapshot.by_execution[v.number].state for v in members if v.kind == "execution"]
    artifacts = [
        snapshot.by_artifact[v.number] for v in members if v.kind == "artifact" and v.number in snapshot.by_artifact
    ]
    return dict(Counter([*executions, *(a.shown_state for a in artifacts)]))


def _folded(walks: Sequence[Walk]) -> dict[Vertex, Sequence[int]]:
    vertices = dict.fromkeys(vertex for found in walks for vertex in found.folded)
    return {v: sorted({number for found in walks for number in found.folded.get(v, ())}) for v in vertices}


def _counts(walks: Sequence[Walk], direction: str) -> dict[Vertex, int]:
    return {v: n for found in walks if found.direction == direction for v, n in found.beyond.items()}
