"""What is recorded is read back exactly."""

from dataclasses import replace
from pathlib import Path

import pytest
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import UnknownReference
from headrace.metadata.connection import connect
from headrace.metadata.records import Cached, CacheKey, Complete, Run, Running, Status, Usage
from headrace.metadata.store import Store
from headrace.spec.messages import Block, Canceled, Failed, Skip
from headrace.storage.folder_root import FolderRoot
from tests.metadata.executions import KEY, OUTPUTS, artifact, completed, running, store_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


@pytest.mark.parametrize(
    "status",
    [
        Complete(),
        Running(),
        Cached(7, "why"),
        Skip("its condition is false"),
        Skip("the model is not blessed", refused=True),
        Block("Validator"),
        Canceled("interrupted"),
        Failed(type="ValueError", message="one\ntwo", traceback="t", frame="f.py:1", log="l", permanent=True),
        Failed(type="Timeout", message="not done"),
    ],
    ids=repr,
)
def test_every_status_is_read_back(store: Store, status: Status) -> None:
    log = status.log if isinstance(status, Failed) else ""
    begun = store.begin(running(status=status, log=log))
    assert store_in(Path(store.root.address).parent).execution(begun.id) == begun


def test_everything_about_an_execution_is_read_back(store: Store, tmp_path: Path) -> None:
    first = completed(store)
    begun = store.begin(
        running(
            node="m",
            component="Join",
            attempt=3,
            process_type="PROCESS",
            inputs={"first": first.outputs["made"], "others": (), "same": first.outputs["made"]},
            parameters={"n": 1, "x": 1.5, "t": "a", "b": True, "none": None, "deep": {"b": [1, {"a": None}], "a": 2}},
            resolvers={"earlier": "latest"},
            log="runs/r1/logs/m.3.log",
            note="the cache is not looked up",
            started=1.5,
        )
    )
    usage = Usage(wall_seconds=1.25, cpu_seconds=0.5, peak_memory=1 << 40)
    made = artifact(store, "m/2/made", properties={"span": 1, "scores": {"b": 1.0, "a": [None]}, "blessed": False})
    ended = store.commit(replace(begun, status=Complete(), usage=usage, ended=2.5, outputs={"made": (made,)}), OUTPUTS)
    (read,) = (e for e in store_in(tmp_path).in_run("r1") if e.node == "m")
    assert read == replace(ended, inputs={k: v for k, v in ended.inputs.items() if v})
    assert [*read.parameters["deep"]] == ["b", "a"]  # type: ignore[misc]  # a mapping, whose order counts


def test_a_number_that_mlmd_cannot_hold_is_kept(store: Store, tmp_path: Path) -> None:
    begun = store.begin(running(parameters={"big": 2**70, "small": -(2**63), "true": True}))
    assert store_in(tmp_path).execution(begun.id) == begun


def test_an_execution_of_a_key_is_found_newest_first_across_pipelines(store: Store) -> None:
    one, two = completed(store), completed(store, run="r2", pipeline="q", node="other")
    completed(store, run="r3", key=CacheKey({}, {}))
    completed(store, run="r4", offered=False)
    assert [e.id for e in store.with_key(KEY.digest).reusable] == [two.id, one.id]


def test_a_key_is_the_parts_and_digests_not_the_names_of_modules() -> None:
    moved = CacheKey(KEY.parts, {"elsewhere.parts": "0" * 64})
    assert moved.digest == KEY.digest
    assert CacheKey(KEY.parts, {"tests.parts": "1" * 64}).digest != KEY.digest
    assert CacheKey({**KEY.parts, "component": "Source 2"}, KEY.sources).digest != KEY.digest


def test_the_last_executions_of_a_node_are_of_its_pipeline(store: Store) -> None:
    ids = [completed(store, run=f"r{number}").id for number in range(4)]
    completed(store, run="r5", pipeline="q")
    completed(store, run="r5", node="m")
    assert [e.id for e in store.of_node("p", "n", 2)] == [ids[3], ids[2]]


def test_made_lists_live_artifacts_of_complete_executions_newest_first(store: Store) -> None:
    one, two = completed(store), completed(store, run="r2")
    store.begin(running(run="r3", status=Cached(two.id), outputs=two.outputs))
    completed(store, run="r4", pipeline="q")
    assert [(m.artifact.id, m.run, m.node) for m in store.made("p", "Rows")] == [
        (two.outputs["made"][0].id, "r2", "n"),
        (one.outputs["made"][0].id, "r1", "n"),
    ]
    store.mark_deleted(two.outputs["made"])
    assert [m.run for m in store.made("p", "Rows")] == ["r1"]
    assert store.made("p", "Names") == []
    assert store.made("nowhere", "Rows") == []


def test_what_is_gone_is_not_offered_again(store: Store) -> None:
    """A changed artifact is marked by `--verify`; a later look-up that reads no bytes must not take it."""
    one = completed(store)
    store.mark_deleted(one.outputs["made"])
    assert [e.id for e in store.with_key(KEY.digest).reusable] == []


def test_a_run_is_read_back(store: Store, tmp_path: Path) -> None:
    run = Run(
        id="20240101-1",
        pipeline="p",
        values={"n": 1, "names": ["b", "a"]},
        origins={"n": "-p"},
        frozen={"gen": {"span": 3, "pattern": "a-{SPAN}"}},
        selected=["a", "b"],
        started=1.5,
        spec_digest="d",
        git_commit="c",
        git_dirty=True,
        environment="e",
        host="h",
    )
    store.open_run(run)
    store.close_run(replace(run, state="FAILED", ended=3.0))
    assert store_in(tmp_path).run("20240101-1") == replace(run, state="FAILED", ended=3.0)


def test_a_time_of_more_digits_than_mlmd_keeps_stays_a_number(store: Store) -> None:
    store.open_run(Run(id="r1", pipeline="p", started=1795526631.2265756))
    found = store.connection.mlmd.get_context_by_type_and_name("pipeline_run", "r1")
    assert found.custom_properties["started"].double_value == pytest.approx(1795526631.22658, abs=1e-9)


def test_runs_are_listed_newest_first(store: Store) -> None:
    for name in ("2024-2", "2024-1", "2024-3"):
        store.open_run(Run(id=name, pipeline="p"))
    assert [run.id for run in store.runs()] == ["2024-3", "2024-2", "2024-1"]
    assert [run.id for run in store.runs(limit=2)] == ["2024-3", "2024-2"]


def test_an_empty_store_holds_nothing(store: Store) -> None:
    assert (store.runs(), [*store.in_run("r")], [*store.with_key("k").reusable], [*store.of_node("p", "n", 3)]) == (
        [],
        [],
        [],
        [],
    )
    assert store.execution(3) is None
    with pytest.raises(UnknownReference, match=r"no run 'r'.*headrace ls runs"):
        store.run("r")


def test_a_run_that_is_open_reads_its_own_executions_from_memory_and_the_same_as_others(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.open_run(Run(id="r1", pipeline="p"))
    ended = completed(store)
    assert [*store.in_run("r1")] == [*store_in(tmp_path).in_run("r1")] == [ended]


def test_a_run_that_goes_on_knows_what_it_recorded_before(tmp_path: Path) -> None:
    before = completed(store_in(tmp_path))
    again = store_in(tmp_path)
    again.open_run(Run(id="r1", pipeline="p"))
    assert [*again.in_run("r1")] == [before]


def test_an_artifact_is_found_where_its_project_stands(tmp_path: Path) -> None:
    before = completed(store_in(tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    (after,) = store_in(tmp_path / "new").in_run("r1")
    assert before.outputs["made"][0].path == str(tmp_path / "old" / "artifacts" / "n" / "1" / "made")
    assert after.outputs["made"][0].path == str(tmp_path / "new" / "artifacts" / "n" / "1" / "made")
    assert after.outputs["made"][0].digest == before.outputs["made"][0].digest


def test_an_artifact_of_another_root_stays_where_it_is(tmp_path: Path) -> None:
    before = completed(store_in(tmp_path))
    (after,) = store_in(tmp_path, root_id="another").in_run("r1")
    assert after.outputs["made"][0].path == before.outputs["made"][0].path


def test_a_folder_that_no_pipeline_made_is_recorded_where_it_is_read(store: Store, tmp_path: Path) -> None:
    given = replace(artifact(store), path="/given")
    begun = store.begin(running(inputs={"rows": (given,)}))
    (read,) = store_in(tmp_path).in_run("r1")
    assert read.inputs["rows"] == begun.inputs["rows"]
    assert (read.inputs["rows"][0].path, read.inputs["rows"][0].id > 0) == ("/given", True)


def test_a_store_that_is_read_only_refuses_nothing_to_readers(tmp_path: Path) -> None:
    ended = completed(store_in(tmp_path))
    root = FolderRoot(tmp_path / "artifacts")
    reader = Store(connect(f"sqlite:{tmp_path / 'metadata.db'}", read_only=True), root, "root")
    assert [*reader.in_run("r1")] == [ended]


def test_an_execution_that_another_process_closes_keeps_its_kind(tmp_path: Path) -> None:
    """A sweep reads it back, and MLMD does not change the base type of a type."""
    begun = store_in(tmp_path).begin(running(component="Trainer", process_type="TRAIN"))
    sweeper = store_in(tmp_path)
    (read,) = sweeper.in_run("r1")
    sweeper.commit(replace(read, status=Failed(type="ProcessDied", message="process died")), {})
    (kind,) = (t for t in sweeper.connection.mlmd.get_execution_types() if t.name == "Trainer")
    assert kind.base_type == pb.ExecutionType.SystemDefinedBaseType.TRAIN
    ended = store_in(tmp_path).execution(begun.id)
    assert ended is not None
    assert ended.status == Failed(type="ProcessDied", message="process died")


def test_a_component_or_type_that_changes_its_kind_is_still_recorded(tmp_path: Path) -> None:
    completed(store_in(tmp_path))
    later = store_in(tmp_path)
    begun = later.begin(running(run="r2", process_type="TRAIN"))
    other = {"made": replace(OUTPUTS["made"], system_type="MODEL")}
    made = artifact(later, "n/2/made")
    assert later.commit(replace(begun, status=Complete(), outputs={"made": (made,)}), other).succeeded


def test_an_imported_artifact_leaves_its_type_to_those_who_make_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.begin(running(inputs={"rows": (replace(artifact(store), path="/given"),)}))
    completed(store_in(tmp_path), run="r2")
    assert store.connection.mlmd.get_artifact_type("Rows").base_type == pb.ArtifactType.SystemDefinedBaseType.DATASET


def test_the_runs_that_were_recorded_last_are_read_alone(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.last_recorded_runs(2) == []
    for number in range(5):
        store.open_run(Run(id=f"r{number}", pipeline="p"))
    assert [run.id for run in store.last_recorded_runs(2)] == ["r4", "r3"]
