"""The parameters of a compiled pipeline, with Kubeflow's types: the pipeline's own, and the run's id and name."""

from collections.abc import Mapping

from headrace.errors import PipelineError
from headrace.kubeflow.document import Document
from headrace.kubeflow.executor_io import RUN, RUN_NAME, SPAN, STATUS
from headrace.spec.records import Json, PipelineSpec, RunParameter

TYPES = {
    "str": "STRING",
    "int": "NUMBER_INTEGER",
    "float": "NUMBER_DOUBLE",
    "bool": "BOOLEAN",
    "list": "LIST",
    "dict": "STRUCT",
}
PLACEHOLDERS = {RUN: "{{$.pipeline_job_uuid}}", RUN_NAME: "{{$.pipeline_job_name}}"}
"""Kubeflow's driver fills these in where one is the whole constant of a task's parameter, and nowhere else."""
LARGEST = 2**53
"""Kubeflow's numbers are doubles: whole ones are exact up to here."""


def accepted(spec: PipelineSpec) -> dict[str, Document]:
    """Declare the parameters that a pod is given: all of the pipeline, and a span where a source has one."""
    declared: dict[str, Document] = {
        name: {"parameterType": _type(name, parameter)} for name, parameter in spec.parameters.items()
    }
    if any(node.freezer for node in spec.nodes) and SPAN not in declared:
        declared[SPAN] = {"parameterType": "NUMBER_INTEGER", "isOptional": True}
    return declared


def with_defaults(spec: PipelineSpec, values: Mapping[str, Json]) -> dict[str, Document]:
    """Declare the parameters that a run may be given; raises PipelineError for what Kubeflow cannot hold."""
    declared = accepted(spec)
    for name, value in values.items():
        if isinstance(value, int) and abs(value) > LARGEST:
            raise PipelineError(
                found=f"the parameter {name!r} is {value}",
                expected=f"a whole number within ±{LARGEST}: Kubeflow's numbers are doubles",
                do="Hand it on as a text",
            )
        declared[name]["defaultValue"] = value
    return declared


def given(spec: PipelineSpec) -> Document:
    """Hand parameters on from a pipeline, or from the group of nodes, to what is below it."""
    return {name: {"componentInputParameter": name} for name in accepted(spec)}


def told() -> Document:
    """Tell a task the id and the name of its run."""
    return {name: {"runtimeValue": {"constant": value}} for name, value in PLACEHOLDERS.items()}


def _type(name: str, declared: RunParameter) -> str:
    kind = declared.type.partition("[")[0]
    if name in (*PLACEHOLDERS, STATUS):
        raise PipelineError(found=f"a parameter called {name!r}", expected="another name", do="Rename it")
    if kind not in TYPES:
        raise PipelineError(
            found=f"the parameter {name!r} of type {declared.type}",
            expected=f"one of {', '.join(TYPES)} for Kubeflow",
            do="Declare it with one of them",
        )
    return TYPES[kind]
