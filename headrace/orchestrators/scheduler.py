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


@dataclass(frozen=True)
class Schedule:
    """The nodes of a pipeline in their order, what each waits for, and what each reads or follows."""

    nodes: Sequence[NodeSpec]
    waits: Mapping[str, Sequence[str]]
    above: Mapping[str, Sequence[str]]
    on_exit: str | None

    @classmethod
    def of(cls, pipeline: PipelineSpec) -> "Schedule":
        """Work the order out, once a run."""
        nodes = ordered(pipeline)
        waits = {node.id: waits_for(node, pipeline) for node in nodes}
        return cls(nodes, waits, {node.id: [*required(node), *optional(node)] for node in nodes}, pipeline.on_exit)

    def next(self, standing: Mapping[str, Standing], *, keep_going: bool) -> Next:
        """Start every waiting node whose upstream has ended; after a failure only what `keep_going` or `always` allows.

        A node below one that was skipped or blocked is started: the launcher admits it or says why not.
        """
        standing = dict(standing)
        failed = [name for name, how in standing.items() if how == "failed"]
        start: list[str] = []
        give_up: dict[str, str] = {}
        for node in self.nodes:
            if standing[node.id] != "waiting":
                continue
            always = node.options.run_if == "always" or node.id == self.on_exit
            below = self._below(node.id, standing) if failed else ""
            if failed and not always and (below or not keep_going):
                give_up[node.id] = f"{below or failed[0]} failed"
                standing[node.id] = "stopped"  # what waits for it, such as the exit handler, need not wait any longer
            elif all(standing[name] in ("succeeded", "failed", "stopped") for name in self.waits[node.id]):
                start.append(node.id)
        return Next(start, give_up)

    def _below(self, node: str, standing: Mapping[str, Standing]) -> str:
        """Name a failed node above a node, directly or not."""
        seen: set[str] = set()
        waiting = [*self.above[node]]
        while waiting:
            name = waiting.pop()
            if standing[name] == "failed":
                return name
            if name not in seen:
                seen.add(name)
                waiting += self.above[name]
        return ""
