"""What other programs write of an execution, in the shapes that their sources give it."""

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.protos import execution_of
from headrace.metadata.records import Execution
from headrace.spec.messages import Failed


def read(found: pb.Execution) -> Execution:
    return execution_of(found, {}, {})


def test_parameters_of_kubeflow_are_its_inputs() -> None:
    found = pb.Execution(type="system.ContainerExecution", last_known_state=pb.Execution.COMPLETE)
    custom = found.custom_properties
    custom["inputs"].struct_value.update({"rate": 0.1, "layers": [1, 2], "name": "a"})
    custom["outputs"].struct_value.update({"loss": 0.5})
    for name in ("task_name", "pod_name", "cached_execution_id", "output_artifacts", "image"):
        custom[name].string_value = "x"
    assert read(found).parameters == {"rate": 0.1, "layers": [1.0, 2.0], "name": "a", "image": "x"}


def test_parameters_of_an_old_tfx_are_typed_and_json() -> None:
    found = pb.Execution(type="tfx.components.trainer.component.Trainer", last_known_state=pb.Execution.COMPLETE)
    for name, text in {
        "run_id": "r",
        "component_id": "Trainer",
        "train_args": '{"num_steps": 5}',
        "note": "{no",
    }.items():
        found.properties[name].string_value = text
    found.custom_properties["__schema__train_args__"].string_value = "{}"
    assert read(found).parameters == {"train_args": {"num_steps": 5}, "note": "{no"}


def test_a_failure_is_told_where_an_executor_said_it() -> None:
    found = pb.Execution(last_known_state=pb.Execution.FAILED)
    silent = read(found).status
    assert isinstance(silent, Failed)
    assert silent.message == "its store does not say why"
    found.custom_properties["__execution_result__"].string_value = '{"code": 3, "resultMessage": "no rows"}'
    told = read(found).status
    assert isinstance(told, Failed)
    assert told.message == "no rows"


def test_values_of_messages_are_plain() -> None:
    found = pb.Execution(last_known_state=pb.Execution.COMPLETE)
    found.custom_properties["rates"].struct_value.update({"__value__": '{"train": 1.0}'})
    found.custom_properties["unknown"].proto_value.type_url = "type.googleapis.com/nobody.Knows"
    held = read(found).parameters
    assert held == {"rates": {"train": 1.0}, "unknown": {"@type": "type.googleapis.com/nobody.Knows"}}
