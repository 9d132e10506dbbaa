"""A whole store as one graph, for pages without a server: they walk it themselves."""

from headrace.lineage.label import Labels
from headrace.lineage.lists import Row
from headrace.lineage.query import Direction, leading
from headrace.lineage.snapshot import Edge, Side, Snapshot, Vertex
from headrace.ui.views.vertices import Notes, edge_rows, vertex_rows

_WAYS: tuple[tuple[Direction, Side], ...] = (("up", "output"), ("down", "input"))


def whole_graph_view(labels: Labels) -> Row:
    """Describe all executions and artifacts, and the edges between them.

    Edges that a walk from their artifact leaves out are `folded`: to cached executions that an earlier one stands for.
    """
    snapshot = labels.snapshot
    executions = [Vertex("execution", number) for number in snapshot.by_execution]
    edges = [edge for vertex in executions for side in _WAYS for edge in snapshot.edges(vertex, side[1])]
    artifacts = dict.fromkeys(Vertex("artifact", number) for number in snapshot.by_artifact)
    artifacts |= dict.fromkeys(Vertex("artifact", edge.artifact) for edge in edges)
    folded = {edge for vertex in artifacts for edge in _folded(vertex, snapshot)}
    rows = zip(edges, edge_rows(edges), strict=True)
    return {
        "vertices": vertex_rows([*executions, *artifacts], labels, Notes()),
        "edges": [{**row, "folded": edge in folded} for edge, row in rows],
    }


def _folded(artifact: Vertex, snapshot: Snapshot) -> set[Edge]:
    """List the edges of an artifact that a walk from it does not follow."""
    found: set[Edge] = set()
    for direction, side in _WAYS:
        followed, _ = leading(snapshot, artifact, direction)
        found |= set(snapshot.edges(artifact, side)) - {edge for edge, _ in followed}
    return found
