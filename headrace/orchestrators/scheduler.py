"""What may start next: decided from how the others stand, without touching anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from headrace.spec.order import optional, ordered, required, waits_for
from headrace.spec.records import NodeSpec, PipelineSpec

Standing: TypeAlias = Literal["waiting", "running", "succeeded", "failed", "stopped"]


@dataclass(frozen=True)
class Next:
    """The nodes to start, and those that will not be started, each with the reason."""

    start: Sequence[str]
    give_up: Mapping[str, str]


def next_nodes(pipeline: PipelineSpec, standing: Mapping[str, Standing], *, keep_going: bool) -> Next:
    """Start every waiting node whose upstream has ended; after a failure only what `keep_going` or `always` allows.

    A node below one that was skipped or blocked is started: the launcher admits it or says why not.
    """
    standing = dict(standing)
    failed = [name for name, how in standing.items() if how == "failed"]
    start: list[str] = []
    give_up: dict[str, str] = {}
    for node in ordered(pipeline):
        if standing[node.id] != "waiting":
            continue
        always = node.options.run_if == "always" or node.id == pipeline.on_exit
        if failed and not always and not (keep_going and not _below(node, standing, pipeline)):
            reason = _below(node, standing, pipeline) or failed[0]
            give_up[node.id] = f"{reason} failed"
            standing[node.id] = "stopped"  # what waits for it, such as the exit handler, need not wait any longer
        elif all(standing[name] in ("succeeded", "failed", "stopped") for name in waits_for(node, pipeline)):
            start.append(node.id)
    return Next(start, give_up)


def _below(node: NodeSpec, standing: Mapping[str, Standing], pipeline: PipelineSpec) -> str:
    """Name a failed node above a node, directly or not."""
    nodes = {other.id: other for other in pipeline.nodes}
    seen: set[str] = set()
    waiting = [*required(node), *optional(node)]
    while waiting:
        name = waiting.pop()
        if standing[name] == "failed":
            return name
        if name not in seen:
            seen.add(name)
            waiting += [*required(nodes[name]), *optional(nodes[name])]
    return ""
