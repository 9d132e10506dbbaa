"""Walks through a snapshot: all that something was made from, all that was made from it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.metadata.outline import ExecutionOutline
from headrace.metadata.records import Execution, Run, StoredArtifact

Direction = Literal["up", "down"]


@dataclass(frozen=True, kw_only=True)
class Border:
    """Where a walk ends: after `depth` executions, at artifacts of the type `until`, at the executions of the run.

    What is at the border belongs to the walk; what is behind it is counted.
    """

    depth: int | None = None
    until: str = ""
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What a walk found: every vertex with its distance in executions, and the edges between them.

    Nothing is left out in silence: `beyond` counts, by vertex, the neighbours behind the border, `folded` lists the
    cached executions that an earlier one stands for.
    """

    direction: Direction
    start: Sequence[Vertex]
    distances: Mapping[Vertex, int]
    edges: Sequence[Edge]
    beyond: Mapping[Vertex, int]
    folded: Mapping[Vertex, Sequence[int]]


ALL = Border()


def ancestors(
    snapshot: Snapshot, start: Iterable[Vertex], depth: int | None = None, *, cached: bool = False, border: Border = ALL
) -> Walk:
    """Walk up to all that the start was made from, to a depth counted in executions, or another border.

    An artifact leads to the execution that made it; with `cached` also to the later ones that only reused it.
    """
    return walk(snapshot, start, "up", border if depth is None else Border(depth=depth), cached=cached)


def descendants(
    snapshot: Snapshot, start: Iterable[Vertex], depth: int | None = None, *, cached: bool = False, border: Border = ALL
) -> Walk:
    """Walk down to all that was made from the start, to a depth counted in executions, or another border.

    An artifact leads to the executions that read it. A cached one is folded into the one that stands for it where both
    read the artifact; where only the cached one did (its input had equal bytes), it is walked through.
    """
    return walk(snapshot, start, "down", border if depth is None else Border(depth=depth), cached=cached)


def walk(
    snapshot: Snapshot, start: Iterable[Vertex], direction: Direction, border: Border = ALL, *, cached: bool = False
) -> Walk:
    """Walk one way, breadth first."""
    walking = _Walking(snapshot, direction, border, cached)
    return walking.from_start(tuple(start))


@dataclass
class _Walking:
    snapshot: Snapshot
    direction: Direction
    border: Border
    cached: bool
    edges: dict[Edge, None] = field(default_factory=dict)
    beyond: dict[Vertex, int] = field(default_factory=dict)
    folded: dict[Vertex, Sequence[int]] = field(default_factory=dict)

    def from_start(self, start: tuple[Vertex, ...]) -> Walk:
        distances, coming = dict.fromkeys(start, 0), list(start)
        while coming:
            coming = [found for vertex in coming for found in self._past(vertex, distances)]
        return Walk(
            direction=self.direction,
            start=start,
            distances=distances,
            edges=list(self.edges),
            beyond=self.beyond,
            folded=self.folded,
        )

    def _past(self, vertex: Vertex, distances: dict[Vertex, int]) -> list[Vertex]:
        """Take the steps from a vertex; return what was not seen before."""
        onward, folded = leading(self.snapshot, vertex, self.direction, cached=self.cached)
        if folded:
            self.folded[vertex] = folded
        new: list[Vertex] = []
        is_end = self._is_end(vertex) and distances[vertex] > 0
        for edge, other in onward:
            distance = distances[vertex] + (other.kind == "execution")
            if other not in distances and (is_end or self._is_outside(other, distance)):
                self.beyond[vertex] = self.beyond.get(vertex, 0) + 1
                continue
            self.edges[edge] = None
            if other not in distances:
                distances[other] = distance
                new.append(other)
        return new

    def _is_end(self, vertex: Vertex) -> bool:
        artifact = self.snapshot.by_artifact.get(vertex.number) if vertex.kind == "artifact" else None
        return bool(self.border.until and artifact and artifact.type == self.border.until)

    def _is_outside(self, vertex: Vertex, distance: int) -> bool:
        if self.border.depth is not None and distance > self.border.depth:
            return True
        if not self.border.run or vertex.kind == "artifact":
            return False
        return self.snapshot.by_execution[vertex.number].run != self.border.run


def folded_in(folded: Mapping[Vertex, Sequence[int]], shown: Container[Vertex]) -> int:
    """Count the executions that are folded, each once, however many artifacts it would be drawn at."""
    numbers = {number for each in folded.values() for number in each}
    return sum(Vertex("execution", number) not in shown for number in numbers)


def leading(
    snapshot: Snapshot, vertex: Vertex, direction: Direction, *, cached: bool = False
) -> tuple[list[tuple[Edge, Vertex]], Sequence[int]]:
    """Follow the edges of a vertex; return them with where they lead, and the cached executions that are folded."""
    if vertex.kind == "execution":
        edges = snapshot.edges(vertex, "input" if direction == "up" else "output")
        return [(edge, Vertex("artifact", edge.artifact)) for edge in edges], ()
    edges = snapshot.edges(vertex, "output" if direction == "up" else "input")
    there = {edge.execution for edge in edges if not edge.cached}
    kept = [edge for edge in edges if cached or not edge.cached or _maker(snapshot, edge) not in there]
    folded = sorted({edge.execution for edge in edges} - {edge.execution for edge in kept})
    return [(edge, Vertex("execution", edge.execution)) for edge in kept], folded


def _maker(snapshot: Snapshot, edge: Edge) -> int:
    """Return the execution that an edge's execution repeats, or whose work it passes on."""
    if edge.side == "output":
        made = snapshot.made_by(edge.artifact)
        return made.execution if made else 0
    return snapshot.maker(snapshot.by_execution[edge.execution]).id


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
            return _ends_of(snapshot, snapshot.members(found.id), direction)


def run_around(found: Found, snapshot: Snapshot) -> str:
    """Name the run of something: for an artifact that of the execution that made it; empty where there is none."""
    match found:
        case Run():
            return found.id
        case Execution():
            return found.run
        case StoredArtifact():
            return snapshot.run_of(Vertex("artifact", found.id))


def _ends_of(snapshot: Snapshot, members: Sequence[ExecutionOutline], direction: Direction) -> list[Vertex]:
    vertices = [Vertex("execution", member.id) for member in members]
    held: dict[Vertex, set[int]] = {}
    others: set[int] = set()
    for vertex in vertices:
        read = {edge.artifact for edge in snapshot.edges(vertex, "input")}
        made = {edge.artifact for edge in snapshot.edges(vertex, "output")}
        held[vertex] = made if direction == "up" else read
        others |= read if direction == "up" else made
    return [vertex for vertex in vertices if not held[vertex] & others]
