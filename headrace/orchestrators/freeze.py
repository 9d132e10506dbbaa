"""What must not change while a run goes on is asked once, at its start: the spans of sources."""

from collections.abc import Collection, Mapping

from headrace.spec.messages import NodeRun
from headrace.spec.records import Json, PipelineSpec
from headrace.user_code.load import load


def freeze(
    spec: PipelineSpec, run: str, values: Mapping[str, Json], selected: Collection[str]
) -> dict[str, dict[str, Json]]:
    """Ask the freezer of every selected node that has one; whatever it raises ends the run before it begins."""
    frozen: dict[str, dict[str, Json]] = {}
    for node in spec.nodes:
        if node.freezer and node.id in selected:
            node_run = NodeRun(pipeline=spec.name, run=run, node=node, values=values)
            frozen[node.id] = dict(load(node.freezer)(node_run))
    return frozen
