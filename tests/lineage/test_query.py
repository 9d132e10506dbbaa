from headrace.lineage.query import Walk, ancestors, descendants, starts_of
from headrace.lineage.snapshot import Snapshot, Vertex
from tests.lineage.conftest import History


def names(walk: Walk, snapshot: Snapshot) -> list[str]:
    """Tell the vertices of a walk: executions by node, artifacts by type; sorted."""
    told = []
    for vertex in walk.distances:
        execution, artifact = snapshot.execution(vertex.number), snapshot.artifact(vertex.number)
        told.append(execution.node if vertex.kind == "execution" and execution else artifact.type if artifact else "")
    return sorted(told)


def test_ancestors_of_a_model_are_all_that_it_was_made_from(history: History) -> None:
    snapshot = history.snapshot()
    model = Vertex("artifact", history.artifact(history.first, "Train", "model"))
    assert names(ancestors(snapshot, [model]), snapshot) == ["Model", "Rows", "Source", "Train"]


def test_ancestors_go_through_what_a_resolver_found(history: History) -> None:
    snapshot = history.snapshot()
    blessing = Vertex("artifact", history.artifact(history.longer, "Bless", "blessing"))
    walk = ancestors(snapshot, [blessing])
    first = Vertex("artifact", history.artifact(history.first, "Train", "model"))
    assert [edge.resolver for edge in walk.edges if edge.artifact == first.number and edge.side == "input"] == [
        "latest_blessed"
    ]
    assert walk.distances[first] == 1


def test_descendants_are_the_other_way_round(history: History) -> None:
    snapshot = history.snapshot()
    rows = Vertex("artifact", history.artifact(history.first, "Source", "rows"))
    model = Vertex("artifact", history.artifact(history.first, "Train", "model"))
    walk = descendants(snapshot, [rows])
    assert model in walk.distances
    assert rows in ancestors(snapshot, [model]).distances
    assert walk.distances[model] == 1


def test_cached_executions_are_folded_and_counted(history: History) -> None:
    snapshot = history.snapshot()
    rows = Vertex("artifact", history.artifact(history.first, "Source", "rows"))
    walk, all_of_it = descendants(snapshot, [rows]), descendants(snapshot, [rows], cached=True)
    cached = Vertex("execution", history.execution(history.again, "Train").id)
    assert cached not in walk.distances
    assert len(walk.folded[rows]) == 2  # Judge and Train of the second run
    assert cached in all_of_it.distances
    assert all_of_it.folded == {}


def test_a_cached_execution_that_alone_read_an_artifact_is_walked_through(history: History) -> None:
    snapshot = history.snapshot()
    equal_rows = Vertex("artifact", history.artifact(history.spaced, "Source", "rows"))
    model = Vertex("artifact", history.artifact(history.first, "Train", "model"))
    assert model in descendants(snapshot, [equal_rows]).distances


def test_a_depth_counts_executions_and_says_what_is_beyond(history: History) -> None:
    snapshot = history.snapshot()
    blessing = Vertex("artifact", history.artifact(history.first, "Bless", "blessing"))
    walk = ancestors(snapshot, [blessing], 1)
    assert names(walk, snapshot) == ["Bless", "Model", "ModelBlessing"]
    assert walk.beyond == {Vertex("artifact", history.artifact(history.first, "Train", "model")): 1}
    assert ancestors(snapshot, [blessing], 9).beyond == {}


def test_a_run_is_walked_from_its_ends(history: History) -> None:
    snapshot = history.snapshot()
    ends = {way: starts_of(history.first, snapshot, way) for way in ("up", "down")}  # type: ignore[arg-type]  # the two words
    assert [history.lab.store.execution(v.number).node for v in ends["up"]] == ["Judge", "Bless"]  # type: ignore[union-attr]  # they are there
    assert [history.lab.store.execution(v.number).node for v in ends["down"]] == ["Source"]  # type: ignore[union-attr]  # they are there


def test_a_cycle_ends(history: History) -> None:
    snapshot = history.snapshot()
    everything = [Vertex("execution", number) for number in snapshot.by_execution]
    assert set(everything) <= set(ancestors(snapshot, everything).distances)
