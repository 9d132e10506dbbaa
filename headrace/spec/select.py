"""Selection: which nodes a run is asked for (`--from`, `--to`, `--only`)."""

from collections.abc import Sequence
from difflib import get_close_matches

from headrace.errors import UsageError
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import PipelineSpec


def select(
    pipeline: PipelineSpec, *, first: Sequence[str] = (), last: Sequence[str] = (), only: Sequence[str] = ()
) -> frozenset[str]:
    """Return the ids of the nodes to run: from `first` downwards, up to `last`, or `only` those named."""
    nodes = [node.id for node in ordered(pipeline)]
    for name in (*first, *last, *only):
        _check(name, nodes, pipeline.name)
    if only:
        return frozenset(only)
    above = {node.id: frozenset(waits_for(node, pipeline)) for node in pipeline.nodes}
    chosen = frozenset(nodes)
    if first:
        reached = set(first)
        for name in nodes:
            if above[name] & reached:
                reached.add(name)
        chosen &= reached
    if last:
        needed = set(last)
        for name in reversed(nodes):
            if name in needed:
                needed |= above[name]
        chosen &= needed
    return chosen


def _check(name: str, nodes: Sequence[str], pipeline: str) -> None:
    if name not in nodes:
        near = get_close_matches(name, nodes, 1)
        raise UsageError(
            found=f"a node {name!r}",
            expected=f"a node of {pipeline!r}: {', '.join(nodes)}",
            do=f"Choose {near[0]!r}" if near else "Choose one of them",
        )
