"""A store as any MLMD reader sees it: what reads here knows nothing of headrace."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.workers.pool import Pool
from tests.conftest import Lab
from tests.parts import Bless, Copy, Judge, Misbehaving, Source, Train, named


@dataclass
class Store:
    """One run in a store, read with `ml_metadata` alone."""

    mlmd: MetadataStore
    run: str
    folder: Path

    def executions(self) -> dict[str, Any]:
        context = self.mlmd.get_context_by_type_and_name("pipeline_run", self.run)
        return {e.name: e for e in self.mlmd.get_executions_by_context(context.id)}

    def of(self, node: str) -> Any:
        return self.executions()[f"{self.run}/{node}/1"]

    def contexts(self, execution: Any) -> dict[str, str]:
        return {c.type: c.name for c in self.mlmd.get_contexts_by_execution(execution.id)}

    def events(self, execution: Any, kind: int) -> dict[str, Any]:
        """Map `key[index]` to the artifact."""
        events = [e for e in self.mlmd.get_events_by_execution_ids([execution.id]) if e.type == kind]
        artifacts = {a.id: a for a in self.mlmd.get_artifacts_by_id([e.artifact_id for e in events])}
        return {f"{e.path.steps[0].key}[{e.path.steps[1].index}]": artifacts[e.artifact_id] for e in events}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Store:
    """Record a run that completes, blocks and fails, and one before it that it reuses from."""
    folder = tmp_path_factory.mktemp("store")
    lab = Lab(folder, pool)
    source = Source(texts=["a", "b"])
    lab.run(source, name="plain")
    judge, train = Judge(rows=source.rows, least=9), Train(rows=source.rows)
    bless = Bless(model=train.model)
    blocked = Copy(rows=source.rows, options=named("Blocked", after=[judge]))
    bad = Misbehaving(how="raise", memory=str(folder / "memory"), options=named("Bad", after=[bless]))
    skipped = Copy(rows=bad.made, options=named("Skipped"))
    finished = lab.run(source, judge, train, bless, blocked, bad, skipped, name="plain")
    config = pb.ConnectionConfig(
        sqlite=pb.SqliteMetadataSourceConfig(filename_uri=str(folder / ".headrace/metadata.db"))
    )
    return Store(MetadataStore(config), finished.run.id, folder)


def test_contexts_are_in_the_vocabulary_of_tfx(store: Store) -> None:
    context = store.mlmd.get_context_by_type_and_name("pipeline_run", store.run)
    (parent,) = store.mlmd.get_parent_contexts_by_context(context.id)
    assert (parent.type, parent.name) == ("pipeline", "plain")
    found = store.contexts(store.of("Train"))
    assert {kind: found[kind] for kind in ("pipeline", "pipeline_run", "node")} == {
        "pipeline": "plain",
        "pipeline_run": store.run,
        "node": "plain.Train",
    }
    assert found["execution_cache"] == store.of("Train").properties["cache_key"].string_value


def test_executions_have_states_and_names_of_their_own(store: Store) -> None:
    states = {name: pb.Execution.State.Name(e.last_known_state) for name, e in store.executions().items()}
    ended = {"Source": "CACHED", "Judge": "COMPLETE", "Train": "COMPLETE", "Bless": "COMPLETE"}
    ended |= {"Blocked": "CANCELED", "Bad": "FAILED", "Skipped": "CANCELED"}
    assert states == {f"{store.run}/{node}/1": state for node, state in ended.items()}


def test_execution_types_have_base_types(store: Store) -> None:
    base = {node: store.mlmd.get_execution_type(store.of(node).type).base_type for node in ("Train", "Bless", "Source")}
    kind = pb.ExecutionType.SystemDefinedBaseType
    assert base == {"Train": kind.TRAIN, "Bless": kind.EVALUATE, "Source": kind.PROCESS}
    assert store.of("Train").type == "Train"


def test_what_did_not_run_says_why(store: Store) -> None:
    def why(node: str) -> tuple[str, str]:
        properties = store.of(node).properties
        return properties["ended"].string_value, properties["reason"].string_value

    assert why("Blocked") == ("blocked", "Judge")
    assert why("Skipped") == ("skipped", "Bad failed")
    assert why("Bad") == ("failed", "cannot raise")


def test_a_failure_has_its_error(store: Store) -> None:
    properties = store.of("Bad").properties
    assert properties["error_type"].string_value == "ValueError"
    assert properties["error_message"].string_value == "cannot raise"
    assert "parts.py" in properties["error_frame"].string_value
    assert "Traceback (most recent call last)" in properties["error_traceback"].string_value
    assert properties["log_path"].string_value.endswith(f"runs/{store.run}/logs/Bad.1.log")


def test_an_execution_has_its_key_by_part_and_what_it_used(store: Store) -> None:
    properties = store.of("Train").properties
    parts = json.loads(properties["cache_key_parts"].string_value)
    source = store.events(store.of("Source"), pb.Event.OUTPUT)["rows[0]"]
    assert parts["component"] == "Train 1"
    assert parts["input rows[0]"] == source.properties["content_digest"].string_value
    assert [*json.loads(properties["cache_key_sources"].string_value)] == ["tests.parts"]
    for number in ("wall_seconds", "started", "finished"):
        assert properties[number].double_value > 0
    assert properties["peak_memory"].int_value > 1 << 20
    assert properties["attempt"].int_value == properties["headrace_version"].int_value == 1
    for text in ("host", "environment_digest", "code_digest"):
        assert properties[text].string_value
    assert properties["run"].string_value == store.run


def test_a_cached_execution_names_the_one_that_stands_for_it(store: Store) -> None:
    cached = store.of("Source")
    (earlier,) = store.mlmd.get_executions_by_id([cached.properties["cached_execution"].int_value])
    assert earlier.last_known_state == pb.Execution.COMPLETE
    made = store.events(earlier, pb.Event.OUTPUT)
    assert {key: a.id for key, a in store.events(cached, pb.Event.OUTPUT).items()} == {k: a.id for k, a in made.items()}


def test_events_join_artifacts_by_key_and_index(store: Store) -> None:
    made = store.events(store.of("Train"), pb.Event.OUTPUT)
    assert sorted(made) == ["journal[0]", "model[0]"]
    read = store.events(store.of("Bless"), pb.Event.INPUT)
    assert {key: a.id for key, a in read.items()} == {"model[0]": made["model[0]"].id}


def test_artifacts_have_type_place_digest_and_properties(store: Store) -> None:
    model = store.events(store.of("Train"), pb.Event.OUTPUT)["model[0]"]
    assert (model.type, model.state) == ("Model", pb.Artifact.LIVE)
    assert (Path(model.uri) / "weights").read_text(encoding="utf-8") == "a\nb"
    assert Path(model.uri) == store.folder / ".headrace/artifacts" / model.properties["relative_path"].string_value
    assert model.properties["span"].int_value == 1
    assert model.properties["byte_size"].int_value == 3
    assert model.properties["layout_version"].int_value == 1
    assert len(model.properties["content_digest"].string_value) == 64
    assert model.custom_properties["quality"].double_value == 2.0
    root = json.loads((store.folder / ".headrace/root.json").read_text(encoding="utf-8"))
    assert model.properties["root_id"].string_value == root["root_id"]


def test_artifact_types_have_base_types(store: Store) -> None:
    base = store.mlmd.get_artifact_type("Rows").base_type
    assert base == pb.ArtifactType.SystemDefinedBaseType.DATASET


def test_the_publishers_decision_is_recorded(store: Store) -> None:
    model = store.events(store.of("Train"), pb.Event.OUTPUT)["model[0]"]
    blessing = store.events(store.of("Bless"), pb.Event.OUTPUT)["blessing[0]"]
    assert blessing.custom_properties["blessed"].bool_value
    assert blessing.custom_properties["model"].string_value == model.properties["content_digest"].string_value


def test_parameters_are_custom_properties(store: Store) -> None:
    custom = store.of("Source").custom_properties
    assert json.loads(custom["texts"].string_value) == ["a", "b"]
    assert custom["span"].int_value == 1


def test_a_run_says_how_it_ended_and_with_what(store: Store) -> None:
    context = store.mlmd.get_context_by_type_and_name("pipeline_run", store.run)
    assert context.properties["state"].string_value == "FAILED"
    assert json.loads(context.custom_properties["values"].string_value) == {}
    assert context.custom_properties["pipeline"].string_value == "plain"
    assert context.custom_properties["ended"].double_value >= context.custom_properties["started"].double_value
