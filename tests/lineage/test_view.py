from headrace.lineage.query import Border, ancestors, folded_in
from headrace.lineage.snapshot import Vertex
from headrace.lineage.view import around, capped_groups, collapse
from tests.lineage.conftest import History
from tests.lineage.graphs import graph_of

CHAIN = graph_of({n: ([n - 1] if n > 1 else [], [n]) for n in range(1, 6)}, {3: "Model"})
MIDDLE = [Vertex("artifact", 3)]


def test_a_view_has_distances_below_zero_for_what_something_was_made_from() -> None:
    view = around(CHAIN, MIDDLE, MIDDLE, up=Border(depth=1), down=Border(depth=1))
    assert {str(vertex): distance for vertex, distance in view.vertices.items()} == {
        "artifact:3": 0,
        "execution:3": -1,
        "artifact:2": -1,
        "execution:4": 1,
        "artifact:4": 1,
    }
    assert view.beyond_up == {Vertex("artifact", 2): 1}
    assert view.beyond_down == {Vertex("artifact", 4): 1}
    assert len(view.edges) == 4


def test_a_cap_keeps_what_is_nearest_and_counts_the_rest() -> None:
    view = around(CHAIN, MIDDLE, MIDDLE, up=Border(), down=Border(), most=3)
    assert (len(view.vertices), view.hidden) == (3, 7)
    assert len(view.edges) == 2


def test_a_walk_ends_at_a_type() -> None:
    walk = ancestors(CHAIN, [Vertex("artifact", 5)], border=Border(until="Model"))
    assert Vertex("artifact", 3) in walk.distances
    assert walk.beyond == {Vertex("artifact", 3): 1}


def test_a_walk_stays_in_a_run(history: History) -> None:
    snapshot = history.snapshot()
    blessing = Vertex("artifact", history.artifact(history.longer, "Bless", "blessing"))
    walk = ancestors(snapshot, [blessing], border=Border(run=history.longer.id))
    first = Vertex("artifact", history.artifact(history.first, "Train", "model"))
    assert first in walk.distances
    assert walk.beyond[first] == 1


def test_runs_and_types_are_shown_as_one(history: History) -> None:
    snapshot = history.snapshot()
    blessing = [Vertex("artifact", history.artifact(history.longer, "Bless", "blessing"))]
    view = around(snapshot, blessing, blessing, up=Border(), down=None)
    runs = collapse(snapshot, view, "run")
    assert {group.label: len(group.members) for group in runs.groups} == {history.longer.id: 6, history.first.id: 4}
    assert [(link.source, link.target, link.count) for link in runs.links] == [
        (f"run:{history.first.id}", f"run:{history.longer.id}", 1)
    ]
    types = collapse(snapshot, view, "type")
    assert {group.label: len(group.members) for group in types.groups}["Model"] == 2


def test_a_cap_of_groups_counts_groups_and_keeps_them_whole() -> None:
    view = around(CHAIN, MIDDLE, MIDDLE, up=Border(), down=Border())
    whole = collapse(CHAIN, view, "type")
    part = capped_groups(whole, view, 2)
    assert (len(part.groups), part.hidden) == (2, len(whole.groups) - 2)
    assert {group.id: group for group in part.groups}.items() <= {group.id: group for group in whole.groups}.items()
    assert {group.id for group in part.groups} >= {"artifact:Model"}
    assert all({link.source, link.target} <= {group.id for group in part.groups} for link in part.links)


def test_a_folded_execution_is_counted_once(history: History) -> None:
    snapshot = history.snapshot()
    numbers = [history.artifact(history.first, *made) for made in (("Source", "rows"), ("Source", "listed"))]
    start = [Vertex("artifact", number) for number in numbers]
    view = around(snapshot, start, start, up=Border(), down=None)
    assert sorted(map(len, view.folded.values())) == [1, 1]  # one cached Source gave both
    assert folded_in(view.folded, view.vertices) == 1
