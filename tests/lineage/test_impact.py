"""What was made from something, told from graphs of a few numbers."""

from dataclasses import replace

from headrace.lineage.impact import impact
from headrace.lineage.snapshot import Snapshot, Vertex
from tests.lineage.graphs import graph_of


def pushing(**properties: str | int | bool) -> Snapshot:
    """Make rows, a model of them, and a push of another model that read the rows, too."""
    graph = graph_of({10: ([1], [2]), 11: ([1], [3])}, {1: "Rows", 2: "Model", 3: "PushedModel"})
    push = graph.known_artifacts[3]
    graph.known_artifacts[3] = replace(push, record=replace(push.record, properties=properties))
    return graph


def test_a_push_among_what_was_made_is_named_though_no_model_of_it_bears_its_mark() -> None:
    graph = pushing(model="of long ago", destination="serving", pushed_version=7)
    for start in (1, 3):
        assert impact(graph, [Vertex("artifact", start)]).pushed == ["serving version 7"]


def test_a_push_that_pushed_nothing_is_not_named() -> None:
    assert impact(pushing(model="m", pushed=False), [Vertex("artifact", 1)]).pushed == []
