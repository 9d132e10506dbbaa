"""The readers of a store agree: its file in SQL, a server through ML Metadata, and whole records."""

from pathlib import Path

import pytest
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.lineage.load import load
from headrace.metadata import outline_of_server as at_server
from headrace.metadata.catalogue import Catalogue
from tests.lineage.foreign import Writer, opened

READ = {"DECLARED_INPUT", "INPUT", "INTERNAL_INPUT"}


def with_an_event(file: Path, kind: str) -> Catalogue:
    """Write a store of one execution, one artifact and one event of a type."""
    writer = Writer.of_file(file)
    artifact = writer.artifact("Rows", "/rows")
    (artifact.id,) = writer.mlmd.put_artifacts([artifact])
    type_id = writer.mlmd.put_execution_type(pb.ExecutionType(name="Node"))
    (execution,) = writer.mlmd.put_executions([pb.Execution(type_id=type_id)])
    event = pb.Event(execution_id=execution, artifact_id=artifact.id, type=pb.Event.Type.Value(kind))
    event.path.steps.extend([pb.Event.Path.Step(key="rows"), pb.Event.Path.Step(index=0)])
    writer.mlmd.put_events([event])
    return opened(file)


@pytest.mark.parametrize("kind", [name for name, number in pb.Event.Type.items() if number])
def test_every_reader_takes_an_event_for_reading_or_giving_alike(tmp_path: Path, kind: str) -> None:
    catalogue = with_an_event(tmp_path / "metadata.db", kind)
    (in_file,) = catalogue.outline().events
    (at_a_server,) = at_server.events_at(catalogue.store.connection.mlmd, [in_file.execution])
    (whole,) = catalogue.executions([in_file.execution])
    is_read = kind in READ
    assert (in_file.reads, at_a_server.reads) == (is_read, is_read)
    assert (list(whole.inputs), list(whole.outputs)) == ((["rows"], []) if is_read else ([], ["rows"]))


@pytest.mark.parametrize(
    ("typed", "custom", "node"),
    [
        ({}, {"task_name": "train-model", "display_name": "Train"}, "train-model"),
        ({}, {"display_name": "Train"}, "Train"),
        ({"task_name": "typed"}, {"task_name": "custom"}, "typed"),
        ({"display_name": "typed"}, {"task_name": "custom"}, "custom"),
        ({"task_name": ""}, {"display_name": "Train"}, "Train"),
        ({}, {}, "system.ContainerExecution"),
    ],
)
def test_a_node_of_kubeflow_is_called_by_its_task(
    tmp_path: Path, typed: dict[str, str], custom: dict[str, str], node: str
) -> None:
    file = tmp_path / "metadata.db"
    writer = Writer.of_file(file)
    kind = pb.ExecutionType(name="system.ContainerExecution", properties=dict.fromkeys(typed, pb.STRING))
    execution = pb.Execution(type_id=writer.mlmd.put_execution_type(kind), last_known_state=pb.Execution.COMPLETE)
    for held, values in ((execution.properties, typed), (execution.custom_properties, custom)):
        for name, value in values.items():
            held[name].string_value = value
    writer.mlmd.put_execution(execution, [], [writer.context("system.PipelineRun", "8f2b")])
    catalogue = opened(file)
    outline = catalogue.outline()
    assert [(e.run, e.node) for e in outline.executions] == [("8f2b", node)]
    assert at_server.executions_at(catalogue.store.connection.mlmd, 0) == outline.executions
    assert [e.node for e in load(catalogue).in_run("8f2b")] == [node]
