"""A walk as plain data: version 1 of what `headrace lineage -o json` prints."""

from collections.abc import Sequence

from headrace.lineage.label import Labels
from headrace.lineage.lists import Row, artifact_row, execution_row
from headrace.lineage.marks import mark_of
from headrace.lineage.query import Walk
from headrace.lineage.snapshot import Edge, Vertex
from headrace.metadata.records import Cached

VERSION = 1


def walks_json(reference: str, walks: Sequence[Walk], labels: Labels) -> Row:
    """Write walks: the vertices each once, and for each direction its start, distances, edges and what was left out."""
    vertices = dict.fromkeys(vertex for walk in walks for vertex in walk.distances)
    labels.snapshot.know(vertices)
    return {
        "version": VERSION,
        "kind": "lineage",
        "reference": reference,
        "vertices": [{"vertex": str(vertex), **_facts(vertex, labels)} for vertex in vertices],
        "walks": [_walk(walk) for walk in walks],
    }


def walk_rows(walks: Sequence[Walk], labels: Labels) -> list[Row]:
    """List the vertices of walks, the nearest first, with all that lists tell of them."""
    labels.snapshot.know(vertex for walk in walks for vertex in walk.distances)
    return [
        {"direction": walk.direction, "distance": distance, **_facts(vertex, labels)}
        for walk in walks
        for vertex, distance in sorted(walk.distances.items(), key=lambda item: item[1])
    ]


def _walk(walk: Walk) -> Row:
    return {
        "direction": walk.direction,
        "start": [str(vertex) for vertex in walk.start],
        "distances": {str(vertex): distance for vertex, distance in walk.distances.items()},
        "edges": [_edge(edge) for edge in walk.edges],
        "beyond_depth": {str(vertex): count for vertex, count in walk.beyond.items()},
        "folded_cached": {str(vertex): len(numbers) for vertex, numbers in walk.folded.items()},
    }


def _edge(edge: Edge) -> Row:
    return {
        "execution": edge.execution,
        "artifact": edge.artifact,
        "side": edge.side,
        "name": edge.name,
        "index": edge.index,
        "resolver": edge.resolver or None,
        "cached": edge.cached,
    }


def _facts(vertex: Vertex, labels: Labels) -> Row:
    if vertex.kind == "execution":
        execution = labels.snapshot.execution(vertex.number)
        if execution is None:
            return {"kind": "execution", "id": vertex.number}
        stands = execution.status.execution if isinstance(execution.status, Cached) else None
        return {"kind": "execution", **execution_row(execution), "stands_for_it": stands}
    artifact = labels.snapshot.artifact(vertex.number)
    if artifact is None:
        return {"kind": "artifact", "id": vertex.number}
    made = labels.snapshot.made_by(vertex.number)
    mark = mark_of(artifact, labels.marks)
    row = artifact_row(artifact, labels.snapshot.execution(made.execution) if made else None)
    return {"kind": "artifact", **row, "blessed": mark.blessed, "pushed": list(mark.pushed)}
