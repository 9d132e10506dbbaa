"""A graph of artifacts alone, or of executions alone: what is left out becomes the edge."""

from collections.abc import Mapping, Sequence

from headrace.lineage.label import Labels
from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Edge, Kind, Vertex, grouped
from headrace.lineage.view import View, ends_of
from headrace.ui.views.slots import label_of


def contracted(view: View, kept: Kind, labels: Labels) -> tuple[list[Vertex], list[Row]]:
    """Keep the vertices of one kind, and join those that one of the other kind is between."""
    pairs = [(edge, *ends_of(edge)) for edge in view.edges]
    entering = grouped((target, (edge, source)) for edge, source, target in pairs if target.kind != kept)
    leaving = grouped((source, (edge, target)) for edge, source, target in pairs if source.kind != kept)
    rows: dict[tuple[Vertex, Vertex, Vertex], Row] = {}
    for middle, come in entering.items():
        for before, source in come:
            for after, target in leaving.get(middle, ()):
                if source != target:
                    rows[source, target, middle] = _joined(before, after, source, target, _name(middle, labels))
    return [vertex for vertex in view.vertices if vertex.kind == kept], list(rows.values())


def focus_of(view: View, kept: Kind, edges: Sequence[Edge]) -> list[Vertex]:
    """Take the neighbours of what is left out for the focus."""
    around: Mapping[Vertex, Sequence[Vertex]] = grouped(
        pair for edge in edges for a, b in [ends_of(edge)] for pair in ((a, b), (b, a))
    )
    kept_ones = [[vertex] if vertex.kind == kept else around.get(vertex, ()) for vertex in view.focus]
    return list(dict.fromkeys(vertex for each in kept_ones for vertex in each))


def _joined(before: Edge, after: Edge, source: Vertex, target: Vertex, label: str) -> Row:
    return {
        "from": str(source),
        "to": str(target),
        "label": label,
        "side": None,
        "resolver": before.resolver or after.resolver or None,
        "cached": before.cached and after.cached,
        "diff": None,
    }


def _name(middle: Vertex, labels: Labels) -> str:
    if middle.kind == "execution":
        return labels.snapshot.by_execution[middle.number].node
    artifact = labels.snapshot.artifact(middle.number)
    return label_of(artifact.record) if artifact else "Artifact"
