import gc
from dataclasses import replace
from pathlib import Path

from headrace.lineage import load as loading
from headrace.lineage.load import load, refresh
from headrace.lineage.snapshot import Vertex
from headrace.lineage.summary import summary
from headrace.metadata import outline_of_server as at_server
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Complete, Run
from headrace.metadata.states import state_of
from tests.lineage.conftest import History
from tests.metadata.executions import OUTPUTS, artifact, completed, running, store_in, whole_executions


def test_the_graph_is_the_same_as_that_of_the_whole_records(history: History) -> None:
    snapshot, whole = history.snapshot(), whole_executions(history.lab.store)
    assert [(e.id, e.run, e.node, e.attempt, state_of(e)) for e in whole] == [
        (e.id, e.run, e.node, e.attempt, e.state) for e in snapshot.by_execution.values()
    ]
    for execution in whole:
        for side, held in (("input", execution.inputs), ("output", execution.outputs)):
            edges = snapshot.edges(Vertex("execution", execution.id), side)  # type: ignore[arg-type]  # the two words
            assert {(e.name, e.index, e.artifact) for e in edges} == {
                (name, index, a.id) for name, found in held.items() for index, a in enumerate(found)
            }
    assert list(snapshot.by_artifact) == [a.id for a in history.catalogue.artifacts()]
    assert [run.id for run in snapshot.runs()] == [run.id for run in history.catalogue.runs()]


def test_a_file_and_a_server_give_the_same_outline(history: History) -> None:
    mlmd, outline = history.lab.store.connection.mlmd, history.catalogue.outline()
    assert at_server.executions_at(mlmd, 0) == outline.executions
    assert at_server.artifacts_at(mlmd, 0) == outline.artifacts
    events = at_server.events_at(mlmd, [e.id for e in outline.executions])
    assert sorted(events) == sorted(outline.events)


def test_a_refresh_sees_an_end_under_the_id_that_began(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.record_run(Run(id="r1", pipeline="p", started=1.0))
    begun = store.begin(running())
    before = load(Catalogue(store))
    assert before.by_execution[begun.id].state == "RUNNING"
    store.commit(replace(begun, status=Complete(), outputs={"made": (artifact(store),)}), OUTPUTS)
    after = refresh(before)
    assert after.by_execution[begun.id].state == "COMPLETE"
    assert [edge.side for edge in after.edges(Vertex("execution", begun.id), "output")] == ["output"]
    assert before.by_execution[begun.id].state == "RUNNING"
    assert refresh(after) is after


def test_a_refresh_sees_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    first = completed(store)
    before = load(Catalogue(store))
    second = completed(store, run="r2")
    store.mark_deleted([record for found in first.outputs.values() for record in found])
    after = refresh(before)
    assert list(after.by_execution) == [first.id, second.id]
    assert [a.state for a in after.by_artifact.values()] == ["DELETED", "LIVE"]
    assert after.artifact(first.outputs["made"][0].id).state == "DELETED"  # type: ignore[union-attr]  # it is there


def test_a_refresh_reads_only_what_changed(history: History) -> None:
    snapshot = history.snapshot()
    late = history.catalogue.outline(snapshot.last_change + 1, snapshot.last_event)
    assert (late.executions, late.artifacts, late.events, late.runs) == ([], [], [], [])
    assert loading.OVERLAP == 60.0


def test_a_summary_counts_by_type(history: History) -> None:
    found = summary(history.snapshot())
    counts = {(kind.kind, kind.type): kind for kind in found.types}
    assert counts["artifact", "Model"].count == 2
    assert counts["execution", "Train"].states == {"CACHED": 2, "COMPLETE": 2}
    links = {(link.execution, link.artifact, link.side): link.count for link in found.links}
    assert links["Train", "Model", "output"] == 4
    assert (found.runs, found.pipelines) == (5, 2)


def test_what_changed_is_paged_from_a_server(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    made = [completed(store, run=f"r{number}") for number in range(120)]
    mlmd = store.connection.mlmd
    every = at_server.executions_at(mlmd, 0)
    since = int(every[10].updated * 1000) + 1
    changed = at_server.executions_at(mlmd, since)
    assert [e.id for e in changed] == [e.id for e in every if e.updated * 1000 >= since]
    assert 100 < len(changed) < len(made)
    assert at_server.artifacts_at(mlmd, int(every[-1].updated * 1000) + 5000) == []


def test_the_file_is_closed_with_the_store(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    completed(store)
    assert len(load(Catalogue(store)).by_execution) == 1
    del store
    gc.collect()
    assert not [link for link in Path("/proc/self/fd").iterdir() if str(tmp_path) in _target(link)]


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
