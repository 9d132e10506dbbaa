"""One node as a task of Kubeflow: what it reads, what it makes, what it waits for, how often it is tried."""

from collections.abc import Mapping
from math import ceil

from headrace.kubeflow import parameters
from headrace.kubeflow.artifacts import declared, system_type_of
from headrace.kubeflow.document import Document
from headrace.spec.order import waits_for
from headrace.spec.records import FromNode, NodeSpec, PipelineSpec

LONGEST_WAIT = 3600
"""Seconds between two attempts, at most."""

Names = Mapping[str, str]


def component_of(node: NodeSpec, spec: PipelineSpec) -> Document:
    """Declare the inputs and outputs of a node's task."""
    nodes = {other.id: other for other in spec.nodes}
    read = {
        name: _artifact(system_type_of(nodes[source.node].outputs[source.output]), {})
        for name, source in _reads(node, spec).items()
    }
    made = {
        name: _artifact(
            shown.system_type,
            {"headrace_type": node.outputs[shown.output].type, "output": shown.output, "node": node.id},
        )
        for name, shown in declared(node).items()
    }
    component = plain_component(spec)
    if read:
        component["inputDefinitions"]["artifacts"] = read
    if made:
        component["outputDefinitions"] = {"artifacts": made}
    return component


def plain_component(spec: PipelineSpec) -> Document:
    """Declare a task that is told of its run and its parameters, and reads and makes nothing."""
    told: Document = {name: {"parameterType": "STRING"} for name in parameters.PLACEHOLDERS}
    return {"inputDefinitions": {"parameters": {**told, **parameters.accepted(spec)}}}


def task_of(node: NodeSpec, spec: PipelineSpec, names: Names) -> Document:
    """Describe a node's task: its inputs, the tasks it waits for, its attempts."""
    task = plain_task(names[node.id], spec)
    read: Document = {
        name: {"taskOutputArtifact": {"producerTask": names[source.node], "outputArtifactKey": source.output}}
        for name, source in _reads(node, spec).items()
    }
    if read:
        task["inputs"]["artifacts"] = read
    if above := sorted(names[other] for other in waits_for(node, spec)):
        task["dependentTasks"] = above
    if node.options.retries:
        task["retryPolicy"] = {
            "maxRetryCount": node.options.retries,
            "backoffDuration": f"{ceil(node.options.backoff)}s",
            "backoffFactor": 2.0,
            "backoffMaxDuration": f"{LONGEST_WAIT}s",
        }
    return task


def plain_task(name: str, spec: PipelineSpec) -> Document:
    """Describe a task that reads no artifact and waits for nothing; Kubeflow's cache is off, as it would skip ours."""
    return {
        "taskInfo": {"name": name},
        "componentRef": {"name": f"comp-{name}"},
        "cachingOptions": {},
        "inputs": {"parameters": {**parameters.told(), **parameters.given(spec)}},
    }


def _reads(node: NodeSpec, spec: PipelineSpec) -> dict[str, FromNode]:
    """Name the artifacts that Kubeflow hands to a node: one for each source in this run.

    A node that runs in any case takes none, since what is above it may have made nothing.
    """
    if node.options.run_if == "always":
        return {}
    taken = parameters.accepted(spec)
    found: dict[str, FromNode] = {}
    for name, wanted in node.inputs.items():
        sources = [source for source in wanted.sources if isinstance(source, FromNode)]
        if len(sources) == 1 and name not in taken:
            found[name] = sources[0]
        else:
            found |= {f"{name}-{number}": source for number, source in enumerate(sources)}
    return found


def _artifact(system_type: str, metadata: Document) -> Document:
    kind: Document = {"artifactType": {"schemaTitle": system_type, "schemaVersion": "0.0.1"}}
    return {**kind, "metadata": metadata} if metadata else kind
