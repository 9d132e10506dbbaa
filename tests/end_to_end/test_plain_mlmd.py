"""A real run as ML Metadata itself tells it, read without any of headrace."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from tests.end_to_end.project import Project

BASE_TYPES = {
    "headrace.ExampleGen": "PROCESS",
    "headrace.StatisticsGen": "PROCESS",
    "headrace.SchemaGen": "PROCESS",
    "headrace.Validator": "EVALUATE",
    "headrace.Transform": "TRANSFORM",
    "headrace.Tuner": "TRAIN",
    "headrace.Trainer": "TRAIN",
    "headrace.Evaluator": "EVALUATE",
    "headrace.Pusher": "DEPLOY",
}
EDGES = {
    ("headrace.ExampleGen", "OUTPUT", "examples", "Examples"),
    ("headrace.StatisticsGen", "INPUT", "examples", "Examples"),
    ("headrace.StatisticsGen", "OUTPUT", "statistics", "ExampleStatistics"),
    ("headrace.SchemaGen", "INPUT", "statistics", "ExampleStatistics"),
    ("headrace.SchemaGen", "OUTPUT", "schema", "Schema"),
    ("headrace.Validator", "INPUT", "statistics", "ExampleStatistics"),
    ("headrace.Validator", "INPUT", "schema", "Schema"),
    ("headrace.Validator", "OUTPUT", "anomalies", "ExampleAnomalies"),
    ("headrace.Transform", "INPUT", "examples", "Examples"),
    ("headrace.Transform", "INPUT", "schema", "Schema"),
    ("headrace.Transform", "OUTPUT", "transform_graph", "TransformGraph"),
    ("headrace.Transform", "OUTPUT", "transformed_examples", "Examples"),
    ("headrace.Tuner", "INPUT", "examples", "Examples"),
    ("headrace.Tuner", "INPUT", "transform_graph", "TransformGraph"),
    ("headrace.Tuner", "OUTPUT", "best_hyperparameters", "HyperParameters"),
    ("headrace.Tuner", "OUTPUT", "tuner_results", "TunerResults"),
    ("headrace.Trainer", "INPUT", "examples", "Examples"),
    ("headrace.Trainer", "INPUT", "transform_graph", "TransformGraph"),
    ("headrace.Trainer", "INPUT", "hyperparameters", "HyperParameters"),
    ("headrace.Trainer", "OUTPUT", "model", "Model"),
    ("headrace.Trainer", "OUTPUT", "model_run", "ModelRun"),
    ("headrace.Evaluator", "INPUT", "examples", "Examples"),
    ("headrace.Evaluator", "INPUT", "model", "Model"),
    ("headrace.Evaluator", "OUTPUT", "evaluation", "ModelEvaluation"),
    ("headrace.Evaluator", "OUTPUT", "blessing", "ModelBlessing"),
    ("headrace.Pusher", "INPUT", "model", "Model"),
    ("headrace.Pusher", "INPUT", "blessing", "ModelBlessing"),
    ("headrace.Pusher", "OUTPUT", "pushed_model", "PushedModel"),
}


@pytest.fixture(scope="module")
def mlmd(ran: Project) -> MetadataStore:
    file = str(ran.folder / ".headrace" / "metadata.db")
    mode = pb.SqliteMetadataSourceConfig.READONLY
    source = pb.SqliteMetadataSourceConfig(filename_uri=file, connection_mode=mode)
    return MetadataStore(pb.ConnectionConfig(sqlite=source))


def of_run(mlmd: MetadataStore) -> dict[str, pb.Execution]:
    (run,) = mlmd.get_contexts_by_type("pipeline_run")
    return {execution.type: execution for execution in mlmd.get_executions_by_context(run.id)}


def test_the_run_is_a_context_below_its_pipeline(mlmd: MetadataStore) -> None:
    (pipeline,) = mlmd.get_contexts_by_type("pipeline")
    (run,) = mlmd.get_contexts_by_type("pipeline_run")
    assert pipeline.name == "penguins"
    assert [parent.name for parent in mlmd.get_parent_contexts_by_context(run.id)] == ["penguins"]
    assert run.properties["state"].string_value == "COMPLETE"


def test_every_node_is_a_context(mlmd: MetadataStore) -> None:
    names = {kind.removeprefix("headrace.") for kind in BASE_TYPES}
    assert {context.name for context in mlmd.get_contexts_by_type("node")} == {f"penguins.{name}" for name in names}


def test_executions_have_types_base_types_and_states(mlmd: MetadataStore) -> None:
    found = of_run(mlmd)
    name_of = pb.ExecutionType.SystemDefinedBaseType.Name
    base_types = {kind.name: name_of(kind.base_type) for kind in mlmd.get_execution_types()}
    assert {name: base_types[name] for name in found} == BASE_TYPES
    assert {execution.last_known_state for execution in found.values()} == {pb.Execution.COMPLETE}


def test_executions_tell_when_and_with_what_they_ran(mlmd: MetadataStore) -> None:
    for execution in of_run(mlmd).values():
        told = execution.properties
        assert told["pipeline"].string_value == "penguins"
        assert told["node"].string_value == execution.type.removeprefix("headrace.")
        assert len(told["cache_key"].string_value) == 64
        assert len(told["code_digest"].string_value) == 64
        assert told["finished"].double_value >= told["started"].double_value > 0
        assert told["cpu_seconds"].double_value > 0
        assert told["peak_memory"].int_value > 0
        assert told["attempt"].int_value == 1
        assert told["log_path"].string_value.endswith(".log")


def test_parameters_are_custom_properties(mlmd: MetadataStore) -> None:
    found = of_run(mlmd)
    assert "data/penguins/penguins.csv" in str(found["headrace.ExampleGen"].custom_properties)
    assert "pipelines.penguins.model:run_fn" in str(found["headrace.Trainer"].custom_properties)


def test_events_are_the_edges_of_the_pipeline(mlmd: MetadataStore) -> None:
    assert set(_edges(mlmd)) == EDGES


def _edges(mlmd: MetadataStore) -> Iterator[tuple[str, str, str, str]]:
    found = {execution.id: execution.type for execution in of_run(mlmd).values()}
    artifacts = {artifact.id: artifact.type for artifact in mlmd.get_artifacts()}
    for event in mlmd.get_events_by_execution_ids(list(found)):
        kind = "INPUT" if event.type == pb.Event.INPUT else "OUTPUT"
        yield found[event.execution_id], kind, event.path.steps[0].key, artifacts[event.artifact_id]


def test_artifacts_are_live_and_where_they_say(mlmd: MetadataStore, ran: Project) -> None:
    for artifact in mlmd.get_artifacts():
        told = artifact.properties
        assert artifact.state == pb.Artifact.LIVE
        assert artifact.name
        assert Path(ran.root / told["relative_path"].string_value).is_dir()
        assert Path(artifact.uri).is_absolute()
        assert len(told["content_digest"].string_value) == 64
        assert told["layout_version"].int_value == 1


def test_artifacts_carry_their_facts(mlmd: MetadataStore) -> None:
    found = {artifact.type: artifact for artifact in mlmd.get_artifacts()}
    assert found["Model"].properties["span"].int_value == 0
    assert found["Examples"].properties["split_names"].string_value == '["train", "eval", "test"]'
    assert found["ExampleAnomalies"].custom_properties["verdict"].string_value == "pass"
    assert "blessed" in found["ModelBlessing"].custom_properties
    assert found["PushedModel"].custom_properties["pushed_version"].int_value == 1
