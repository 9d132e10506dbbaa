from itertools import islice

from headrace.lineage.paths import common_ancestors, ways_between
from headrace.lineage.snapshot import Vertex
from tests.lineage.conftest import History
from tests.lineage.graphs import graph_of


def artifact(number: int) -> Vertex:
    return Vertex("artifact", number)


def test_every_way_between_two_things_is_found() -> None:
    diamond = graph_of({1: ([], [1]), 2: ([1], [2]), 3: ([1], [3]), 4: ([2, 3], [4])})
    ways = ways_between(diamond, artifact(1), artifact(4))
    assert ways.count == 2
    assert {tuple(str(vertex) for vertex in way) for way in ways} == {
        ("artifact:1", "execution:2", "artifact:2", "execution:4", "artifact:4"),
        ("artifact:1", "execution:3", "artifact:3", "execution:4", "artifact:4"),
    }


def test_ways_are_counted_without_being_walked() -> None:
    rungs = {n: ([n - 1, n + 999], [n, n + 1000]) for n in range(2, 202)}  # two artifacts each from two: 2**200 ways
    ways = ways_between(graph_of({1: ([], [1, 1001]), **rungs}), Vertex("execution", 1), Vertex("execution", 201))
    assert ways.count == 2**200
    assert len(ways.shortest) == 401
    assert len(list(islice(ways, 5))) == 5


def test_a_way_is_found_from_either_end() -> None:
    chain = graph_of({1: ([], [1]), 2: ([1], [2])})
    assert ways_between(chain, artifact(1), artifact(2)).direction == "down"
    assert ways_between(chain, artifact(2), artifact(1)).shortest == (
        artifact(2),
        Vertex("execution", 2),
        artifact(1),
    )


def test_there_may_be_no_way() -> None:
    apart = graph_of({1: ([], [1]), 2: ([], [2])})
    ways = ways_between(apart, artifact(1), artifact(2))
    assert (ways.count, ways.shortest, list(ways)) == (0, (), [])


def test_a_cycle_does_not_hold_up_the_count() -> None:
    cycle = graph_of({1: ([1, 3], [2]), 2: ([2], [3]), 3: ([3], [4])})
    assert ways_between(cycle, artifact(1), artifact(4)).count == 1


def test_two_models_came_apart_at_what_both_were_made_from_last() -> None:
    fork = graph_of({1: ([], [1]), 2: ([1], [2]), 3: ([2], [3]), 4: ([2], [4])})
    (common,) = common_ancestors(fork, artifact(3), artifact(4))
    assert (common.vertex, common.from_first, common.from_second) == (artifact(2), 1, 1)


def test_models_of_two_runs_share_nothing_but_what_was_reused(history: History) -> None:
    snapshot = history.snapshot()
    first, longer = (artifact(history.artifact(run, "Train", "model")) for run in (history.first, history.longer))
    assert common_ancestors(snapshot, first, longer) == []
    blessing = artifact(history.artifact(history.longer, "Bless", "blessing"))
    assert [c.vertex for c in common_ancestors(snapshot, blessing, first)] == [first]
