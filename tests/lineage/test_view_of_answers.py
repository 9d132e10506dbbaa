"""What figures show of answers."""

from headrace.lineage.blame import blame
from headrace.lineage.paths import ways_between
from headrace.lineage.snapshot import Vertex
from headrace.lineage.view import capped, ends_of
from headrace.lineage.view_of_answers import view_of_blame, view_of_ways
from tests.lineage.conftest import History


def test_blame_shows_only_what_it_follows(history: History) -> None:
    snapshot = history.snapshot()
    start = [Vertex("artifact", history.artifact(history.longer, "Train", "model"))]
    found = blame(snapshot, start)
    view = view_of_blame(found, snapshot)
    assert {v.number for v in view.vertices if v.kind == "execution"} == {*found.executions}
    assert {leaf.artifact for leaf in found.data} <= {v.number for v in view.vertices if v.kind == "artifact"}
    assert view.folded.keys() <= view.vertices.keys()
    assert {end for edge in view.edges for end in ends_of(edge)} == view.vertices.keys()


def test_ways_are_their_steps_and_a_cap_counts_the_rest(history: History) -> None:
    snapshot = history.snapshot()
    ends = [
        Vertex("artifact", history.artifact(history.longer, node, output))
        for node, output in (("Bless", "blessing"), ("Source", "rows"))
    ]
    way = ways_between(snapshot, *ends).shortest
    view = view_of_ways(ends, [way], snapshot)
    assert ({*view.vertices}, len(view.edges)) == ({*way}, len(way) - 1)
    part = capped(view, 2)
    assert (len(part.vertices), part.hidden) == (2, len(way) - 2)
