"""Compiles a pipeline to Kubeflow Pipelines: its IR as plain data, one task per node, the same bytes every time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from math import ceil

from headrace.kubeflow import parameters
from headrace.kubeflow.artifacts import declared
from headrace.kubeflow.container import container_of
from headrace.kubeflow.document import Document
from headrace.kubeflow.executor_io import STATUS
from headrace.kubeflow.kubernetes import executor_config
from headrace.kubeflow.names import CLOSE, NODES, OUTCOME, check_pipeline_name, task_names
from headrace.kubeflow.pods import closing_pod, pod_of, shared_pod
from headrace.kubeflow.requirements import check_requirements
from headrace.kubeflow.settings import KubeflowSettings
from headrace.kubeflow.slice import Slice
from headrace.kubeflow.task import component_of, plain_component, plain_task, task_of
from headrace.spec.codec import write
from headrace.spec.order import ordered
from headrace.spec.records import Json, NodeSpec, PipelineSpec
from headrace.storage.digest import digest_of

SCHEMA_VERSION = "2.1.0"
"""The only one that Kubeflow's API server takes."""
SPARE = 300
"""Seconds beyond a node's timeout, which its launcher keeps: Kubernetes ends only a pod that does not answer."""


@dataclass(frozen=True)
class Compilation:
    """A pipeline, the values that its runs start from, where it runs, and the digest of its code bundle, if any."""

    spec: PipelineSpec
    values: Mapping[str, Json]
    settings: KubeflowSettings
    bundle: str = ""

    @cached_property
    def spec_digest(self) -> str:
        return digest_of(write(self.spec))

    def part(self, nodes: Iterable[NodeSpec], node: str = "") -> Slice:
        """Cut the slice of a pod: some nodes, and the one that it launches; without one, the whole pipeline's."""
        shared = self.settings.beam_args
        kept = tuple(
            replace(one, options=replace(one.options, beam_args=(*shared, *one.options.beam_args))) for one in nodes
        )
        spec = replace(self.spec, nodes=kept, on_exit=None if node else self.spec.on_exit)
        return Slice(spec, node, self.bundle, self.spec_digest)


@dataclass(frozen=True)
class _Task:
    """A task, its component, its container, and what Kubernetes is asked for its pod."""

    task: Document
    component: Document
    container: Document
    pod: Document


def compiled(asked: Compilation) -> list[Document]:
    """Return the pipeline spec and the platform spec; raises a UsageError for what Kubeflow would refuse."""
    check_pipeline_name(asked.spec.name)
    check_requirements(asked.spec, asked.settings)
    launched = [node for node in ordered(asked.spec) if node.id != asked.spec.on_exit]
    names = task_names(node.id for node in launched)
    nodes = {names[node.id]: _launch(node, names, asked) for node in launched}
    nodes[OUTCOME] = _outcome(sorted(nodes), asked)
    return _documents(nodes, _close(asked), asked)


def _launch(node: NodeSpec, names: Mapping[str, str], asked: Compilation) -> _Task:
    """Make the task of a node; its slice also has the nodes whose spans the first pod of a run freezes."""
    part = asked.part((other for other in asked.spec.nodes if other.id == node.id or other.freezer), node.id)
    pod = pod_of(node, asked.settings)
    return _Task(
        task_of(node, asked.spec, names),
        component_of(node, asked.spec),
        container_of("launch", part, asked.settings, pod, [*declared(node)]),
        executor_config(pod, ceil(node.options.timeout) + SPARE if node.options.timeout else 0),
    )


def _outcome(nodes: list[str], asked: Compilation) -> _Task:
    """Make the task that fails Kubeflow's run where a gate stopped anything."""
    pod = shared_pod(asked.settings)
    return _Task(
        {**plain_task(OUTCOME, asked.spec), "dependentTasks": nodes},
        plain_component(asked.spec),
        container_of("outcome", asked.part(asked.spec.nodes), asked.settings, pod),
        executor_config(pod),
    )


def _close(asked: Compilation) -> _Task:
    """Make the task that closes the run, however its nodes ended."""
    task, component = plain_task(CLOSE, asked.spec), plain_component(asked.spec)
    task |= {"dependentTasks": [NODES], "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}}
    task["inputs"]["parameters"][STATUS] = {"taskFinalStatus": {"producerTask": NODES}}
    told = {"parameterType": "TASK_FINAL_STATUS", "isOptional": True}
    component["inputDefinitions"]["parameters"][STATUS] = told
    pod = closing_pod(asked.spec, asked.settings)
    container = container_of("close", asked.part(asked.spec.nodes), asked.settings, pod)
    return _Task(task, component, container, executor_config(pod))


def _documents(nodes: Mapping[str, _Task], close: _Task, asked: Compilation) -> list[Document]:
    """Put the tasks of the nodes into a group, and the closing task beside it."""
    every = {**nodes, CLOSE: close}
    components = {f"comp-{name}": {"executorLabel": f"exec-{name}", **part.component} for name, part in every.items()}
    given = {"parameters": parameters.given(asked.spec)}
    group = {"taskInfo": {"name": NODES}, "componentRef": {"name": f"comp-{NODES}"}, "inputs": given}
    inside = {"parameters": parameters.accepted(asked.spec)}
    dag = {"tasks": {name: part.task for name, part in nodes.items()}}
    components[f"comp-{NODES}"] = {"dag": dag, "inputDefinitions": inside}
    pipeline: Document = {
        "schemaVersion": SCHEMA_VERSION,
        "sdkVersion": f"headrace-{version('headrace')}",
        "pipelineInfo": {"name": asked.spec.name},
        "root": {
            "dag": {"tasks": {NODES: group, CLOSE: close.task}},
            "inputDefinitions": {"parameters": parameters.with_defaults(asked.spec, asked.values)},
        },
        "components": components,
        "deploymentSpec": {
            "executors": {f"exec-{name}": {"container": part.container} for name, part in every.items()}
        },
    }
    pods = {f"exec-{name}": part.pod for name, part in every.items()}
    return [pipeline, {"platforms": {"kubernetes": {"deploymentSpec": {"executors": pods}}}}]
