from headrace.lineage.blame import blame
from headrace.lineage.impact import impact
from headrace.lineage.snapshot import Vertex
from tests.lineage.conftest import History


def test_blame_ends_at_data_code_parameters_and_environment(history: History) -> None:
    snapshot = history.snapshot()
    found = blame(snapshot, [Vertex("artifact", history.artifact(history.first, "Train", "model"))])
    assert found.executions == [history.execution(history.first, node).id for node in ("Source", "Train")]
    (data,) = found.data
    assert (data.type, data.node, data.span) == ("Rows", "Source", 1)
    assert [(leaf.module, leaf.nodes) for leaf in found.code] == [("tests.parts", ["Source", "Train"])]
    parameters = {(leaf.node, leaf.name): leaf.value for leaf in found.parameters}
    assert parameters["Source", "texts"] == ["a", "b"]
    assert len(found.environments) == 1


def test_a_cached_artifact_is_blamed_on_what_made_it(history: History) -> None:
    snapshot = history.snapshot()
    cached = Vertex("execution", history.execution(history.again, "Train").id)
    assert blame(snapshot, [cached]).executions == [
        history.execution(history.first, node).id for node in ("Source", "Train")
    ]


def test_impact_goes_up_to_models_and_runs(history: History) -> None:
    snapshot = history.snapshot()
    rows = history.artifact(history.first, "Source", "rows")
    found = impact(snapshot, [Vertex("artifact", rows)])
    model = history.artifact(history.first, "Train", "model")
    assert [(m.artifact, m.run, m.marks.blessed) for m in found.models] == [(model, history.first.id, True)]
    assert found.artifacts["Model"] == [model]
    assert found.artifacts["ModelBlessing"][0] == history.artifact(history.first, "Bless", "blessing")
    assert {history.first.id, history.again.id} <= set(found.runs)
    assert found.pushed == []
