"""Compiles pipelines of the tests, and reads what was made with the protos of Kubeflow's own package."""

from pathlib import Path
from typing import Any

from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2  # type: ignore[import-untyped]  # generated, without annotations

from headrace import Component, Pipeline
from headrace.kubeflow.compile import Compilation, compiled
from headrace.kubeflow.document import Document
from headrace.kubeflow.settings import KubeflowSettings, SecretKey
from headrace.spec.from_pipeline import spec_of

SETTINGS = KubeflowSettings(
    image="headrace:test", root="/shared/root", store_secret=SecretKey("store", "address"), path=Path("kubeflow.yaml")
)


def compile_nodes(
    *nodes: Component, settings: KubeflowSettings = SETTINGS, name: str = "p", on_exit: Component | None = None
) -> list[Document]:
    """Compile nodes as a pipeline, with the defaults of its parameters."""
    spec = spec_of(Pipeline(name, nodes, on_exit=on_exit))
    values = {name: parameter.default for name, parameter in spec.parameters.items()}
    return compiled(Compilation(spec, values, settings))


def tasks_of(documents: list[Document]) -> dict[str, Document]:
    """Return the tasks of the nodes, and `outcome`."""
    tasks: dict[str, Document] = documents[0]["components"]["comp-exit-handler-1"]["dag"]["tasks"]
    return tasks


def container_of(documents: list[Document], task: str) -> Document:
    container: Document = documents[0]["deploymentSpec"]["executors"][f"exec-{task}"]["container"]
    return container


def pod_of(documents: list[Document], task: str) -> Document:
    pod: Document = documents[1]["platforms"]["kubernetes"]["deploymentSpec"]["executors"][f"exec-{task}"]
    return pod


def slice_in(documents: list[Document], task: str) -> str:
    arguments: list[str] = container_of(documents, task)["args"]
    return arguments[arguments.index("--slice") + 1]


def parse_strictly(documents: list[Document]) -> Any:
    """Read the documents as Kubeflow's server does, which refuses fields that it does not know."""
    pipeline, platform = documents
    spec = json_format.ParseDict(pipeline, pipeline_spec_pb2.PipelineSpec())
    json_format.ParseDict(pipeline["deploymentSpec"], pipeline_spec_pb2.PipelineDeploymentConfig())
    json_format.ParseDict(platform, pipeline_spec_pb2.PlatformSpec())
    return spec
