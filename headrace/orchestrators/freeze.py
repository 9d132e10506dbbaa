"""What must not change while a run goes on is asked once, at its start: the spans of sources."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from headrace.launcher.decide import failure
from headrace.spec.messages import Failed, NodeRun
from headrace.spec.records import Json, PipelineSpec
from headrace.user_code.load import load


@dataclass(frozen=True)
class Frozen:
    """What the freezers answered, by node, and which of them failed."""

    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    failures: Mapping[str, Failed] = field(default_factory=dict)


def freeze(spec: PipelineSpec, run: str, values: Mapping[str, Json], selected: Collection[str]) -> Frozen:
    """Ask the freezer of every selected node that has one; what it raises is a failure of the node."""
    frozen: dict[str, dict[str, Json]] = {}
    failures: dict[str, Failed] = {}
    for node in spec.nodes:
        if node.freezer and node.id in selected:
            node_run = NodeRun(pipeline=spec.name, run=run, node=node, values=values)
            try:
                frozen[node.id] = dict(load(node.freezer)(node_run))
            except Exception as error:  # a border to foreign code
                failures[node.id] = failure(error)
    return Frozen(frozen, failures)
