"""The graph of a run as two runs can be compared: by names and contents, never by numbers or times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.metadata.records import Execution
from headrace.metadata.states import state_of
from headrace.spec.messages import ArtifactRecord
from tests.end_to_end.project import NODES, Project

DETERMINED = frozenset(NODES[: NODES.index("Transform") + 1])
"""The nodes whose bytes follow from their inputs; training may differ in the last bits."""


@dataclass(frozen=True)
class Node:
    """What one execution was: its state, the types (and contents) that it made, where its inputs came from."""

    state: str
    made: Mapping[str, Sequence[tuple[str, str]]]
    read: Mapping[str, Sequence[str]]


def graph_of(project: Project, run: str) -> dict[str, Node]:
    """Read the executions, artifacts and edges of a run."""
    executions = project.last(run)
    makers = {
        artifact.id: f"{name}.{output}"
        for name, execution in executions.items()
        for output, artifacts in execution.outputs.items()
        for artifact in artifacts
    }
    return {name: _node(execution, makers) for name, execution in executions.items()}


def _node(execution: Execution, makers: Mapping[int, str]) -> Node:
    def content(artifact: ArtifactRecord) -> tuple[str, str]:
        return artifact.type, artifact.digest if execution.node in DETERMINED else ""

    return Node(
        state_of(execution),
        {name: [content(artifact) for artifact in artifacts] for name, artifacts in execution.outputs.items()},
        {name: [makers[artifact.id] for artifact in artifacts] for name, artifacts in execution.inputs.items()},
    )
