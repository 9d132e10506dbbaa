"""What TFX and Kubeflow write of an execution, in our words: values of its parameters, why it failed."""

from collections.abc import Iterator
from json import loads

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.values import from_value
from headrace.spec.records import Json

RESULT = "__execution_result__"
"""The custom property in which an executor of TFX that says how it ended is kept, as JSON."""
INPUTS = "inputs"
"""The custom property in which Kubeflow keeps all parameters at once."""
BOOKKEEPING = frozenset(
    {
        # TFX up to 0.21
        *("component_id", "pipeline_name", "pipeline_root", "run_id", "state", "checksum_md5"),
        # Kubeflow
        *("display_name", "task_name", "namespace", "pod_name", "pod_uid", "resource_name", "store_session_info"),
        *("cache_fingerprint", "cached_execution_id", "custom_path", "iteration_index", "iteration_count"),
        *("parameter_producer_task", "artifact_producer_task", "parent_dag_id", "total_dag_tasks"),
        *("outputs", "output_artifacts"),
    }
)
"""Properties that are no parameters."""


def parameters_of(found: pb.Execution) -> dict[str, Json]:
    """Read the parameters of an execution that another program wrote; what it wrote as a JSON text is read as JSON."""
    return dict(_parameters(found))


def _parameters(found: pb.Execution) -> Iterator[tuple[str, Json]]:
    for held in (found.properties, found.custom_properties):
        for name, value in held.items():
            known = from_value(value)
            if name == INPUTS and isinstance(known, dict):
                yield from known.items()
            elif name not in BOOKKEEPING and not name.startswith("__"):
                yield name, _decoded(known)


def message_of(found: pb.Execution) -> str:
    """Read why an execution failed; most of TFX's failures leave no word."""
    held = found.custom_properties
    result = _decoded(from_value(held[RESULT])) if RESULT in held else None
    said = str(result.get("resultMessage") or "") if isinstance(result, dict) else ""
    return said or "its store does not say why"


def _decoded(value: Json) -> Json:
    """Read a text as JSON where it is a list, a mapping or null; TFX does not say which texts are."""
    if not isinstance(value, str) or not (value.startswith(("{", "[")) or value == "null"):
        return value
    try:
        found: Json = loads(value)
    except ValueError:
        return value
    return found
