"""What a figure shows of an answer: all that determined something, the ways between two things."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from headrace.lineage.blame import Blame
from headrace.lineage.paths import Common, Way, ways_between
from headrace.lineage.query import walk
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.lineage.view import View, ends_of, view_of


def view_of_blame(found: Blame, snapshot: Snapshot) -> View:
    """Show the executions that did the work, what passed between them, and the data at the ends."""
    workers, unkeyed = set(found.executions), set(found.unkeyed)
    whole = view_of([walk(snapshot, found.start, "up")])
    edges = [edge for edge in whole.edges if edge.execution in workers and edge not in unkeyed]
    leaves = {Vertex("artifact", leaf.artifact) for leaf in found.data}
    between = {end for edge in edges for end in ends_of(edge)}
    kept = {*found.start, *leaves, *between, *(Vertex("execution", number) for number in workers)}
    vertices = {vertex: distance for vertex, distance in whole.vertices.items() if vertex in kept}
    folded = {vertex: count for vertex, count in whole.folded.items() if vertex in kept}
    return View(focus=list(found.start), vertices=vertices, edges=edges, beyond_up={}, beyond_down={}, folded=folded)


def view_of_ways(ends: Sequence[Vertex], ways: Iterable[Way], snapshot: Snapshot) -> View:
    """Show what is on ways, and the edges that they go over."""
    there = list(ways)
    distances = dict.fromkeys(ends, 0)
    for way in there:
        for place, vertex in enumerate(way):
            distances.setdefault(vertex, place // 2)
    steps = dict.fromkeys(step for way in there for step in pairwise(way))
    edges = [edge for one, other in steps for edge in _between(one, other, snapshot)]
    return View(focus=list(ends), vertices=distances, edges=edges, beyond_up={}, beyond_down={}, folded={})


def ways_to_common(ends: Sequence[Vertex], common: Sequence[Common], snapshot: Snapshot) -> list[Way]:
    """Find the shortest way from each of two things to all that both were made from."""
    return [ways_between(snapshot, end, each.vertex).shortest for each in common for end in ends]


def _between(one: Vertex, other: Vertex, snapshot: Snapshot) -> list[Edge]:
    execution, artifact = (one, other) if one.kind == "execution" else (other, one)
    around = (*snapshot.edges(execution, "input"), *snapshot.edges(execution, "output"))
    return [edge for edge in around if edge.artifact == artifact.number]
