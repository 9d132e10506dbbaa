"""Walks through a snapshot: all that something was made from, all that was made from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.metadata.records import Execution, Run, StoredArtifact

Direction = Literal["up", "down"]


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What a walk found: every vertex with its distance in executions, and the edges between them.

    Nothing is left out in silence: `beyond` counts, by vertex, the neighbours that the depth cut off, `folded` the
    cached executions that an earlier one stands for.
    """

    direction: Direction
    start: Sequence[Vertex]
    distances: Mapping[Vertex, int]
    edges: Sequence[Edge]
    beyond: Mapping[Vertex, int]
    folded: Mapping[Vertex, int]


def ancestors(snapshot: Snapshot, start: Iterable[Vertex], depth: int | None = None, *, cached: bool = False) -> Walk:
    """Walk up to all that the start was made from, to a depth counted in executions.

    An artifact leads to the execution that made it; with `cached` also to the later ones that only reused it.
    """
    return _Walking(snapshot, "up", cached=cached).walk(tuple(start), depth)


def descendants(snapshot: Snapshot, start: Iterable[Vertex], depth: int | None = None, *, cached: bool = False) -> Walk:
    """Walk down to all that was made from the start, to a depth counted in executions.

    An artifact leads to the executions that read it. A cached one is folded into the one that stands for it where both
    read the artifact; where only the cached one did (its input had equal bytes), it is walked through.
    """
    return _Walking(snapshot, "down", cached=cached).walk(tuple(start), depth)


class _Walking:
    """One walk, breadth first."""

    def __init__(self, snapshot: Snapshot, direction: Direction, *, cached: bool) -> None:
        self.snapshot, self.direction, self.cached = snapshot, direction, cached
        self.edges: dict[Edge, None] = {}
        self.beyond: dict[Vertex, int] = {}
        self.folded: dict[Vertex, int] = {}

    def walk(self, start: tuple[Vertex, ...], depth: int | None) -> Walk:
        distances, border = dict.fromkeys(start, 0), list(start)
        while border:
            coming: list[Vertex] = []
            for vertex in border:
                for edge, other in self._leading(vertex):
                    distance = distances[vertex] + (other.kind == "execution")
                    if other not in distances and depth is not None and distance > depth:
                        self.beyond[vertex] = self.beyond.get(vertex, 0) + 1
                        continue
                    self.edges[edge] = None
                    if other not in distances:
                        distances[other] = distance
                        coming.append(other)
            border = coming
        return Walk(
            direction=self.direction,
            start=start,
            distances=distances,
            edges=list(self.edges),
            beyond=self.beyond,
            folded=self.folded,
        )

    def _leading(self, vertex: Vertex) -> list[tuple[Edge, Vertex]]:
        """Follow the edges of a vertex in the direction of the walk."""
        if vertex.kind == "execution":
            edges = self.snapshot.edges(vertex, "input" if self.direction == "up" else "output")
            return [(edge, Vertex("artifact", edge.artifact)) for edge in edges]
        edges = self.snapshot.edges(vertex, "output" if self.direction == "up" else "input")
        kept = [edge for edge in edges if self.cached or not self._is_folded(edge, edges)]
        if folded := len({edge.execution for edge in edges} - {edge.execution for edge in kept}):
            self.folded[vertex] = folded
        return [(edge, Vertex("execution", edge.execution)) for edge in kept]

    def _is_folded(self, edge: Edge, beside: Sequence[Edge]) -> bool:
        """Tell whether the execution that stands for a cached one is at the same artifact."""
        if not edge.cached:
            return False
        maker = self.snapshot.maker(self.snapshot.by_execution[edge.execution])
        return any(other.execution == maker.id for other in beside if not other.cached)


def starts_of(found: Found, snapshot: Snapshot, direction: Direction) -> list[Vertex]:
    """Say where the walk from something starts.

    For a run: up from the executions whose outputs no other one of the run reads, down from those that read none of
    its outputs.
    """
    match found:
        case StoredArtifact():
            return [Vertex("artifact", found.id)]
        case Execution():
            return [Vertex("execution", found.id)]
        case Run():
            return _ends_of(snapshot.in_run(found.id), direction)


def _ends_of(executions: Sequence[Execution], direction: Direction) -> list[Vertex]:
    read = {a.id for e in executions for found in e.inputs.values() for a in found}
    made = {a.id for e in executions for found in e.outputs.values() for a in found}
    ends: list[Vertex] = []
    for execution in executions:
        held = execution.outputs if direction == "up" else execution.inputs
        others = read if direction == "up" else made
        if not any(artifact.id in others for found in held.values() for artifact in found):
            ends.append(Vertex("execution", execution.id))
    return ends
