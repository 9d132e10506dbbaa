"""Selection: which nodes a run is asked for (`--from`, `--to`, `--only`)."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from headrace.errors import UsageError
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import PipelineSpec

Above: TypeAlias = Mapping[str, frozenset[str]]


def select(
    pipeline: PipelineSpec, *, first: Sequence[str] = (), last: Sequence[str] = (), only: Sequence[str] = ()
) -> frozenset[str]:
    """Return the ids of the nodes to run: from `first` downwards, up to `last`, or `only` those named."""
    nodes = [node.id for node in ordered(pipeline)]
    for name in (*first, *last, *only):
        _check(name, nodes, pipeline.name)
    if only and (first or last):
        raise UsageError(found="--only together with --from or --to", expected="one of them", do="Leave one out")
    if only:
        return frozenset(only)
    above = {node.id: frozenset(waits_for(node, pipeline)) for node in pipeline.nodes}
    chosen = _from(first, nodes, above) & _up_to(last, nodes, above)
    if not chosen:
        raise UsageError(
            found=f"no node from {', '.join(first)} to {', '.join(last)}",
            expected="a path between them",
            do="See the order with headrace plan",
        )
    return chosen


def _from(first: Sequence[str], nodes: Sequence[str], above: Above) -> frozenset[str]:
    """Return the nodes named and all below them; all nodes where none is named."""
    reached = set(first or nodes)
    for name in nodes:
        if above[name] & reached:
            reached.add(name)
    return frozenset(reached)


def _up_to(last: Sequence[str], nodes: Sequence[str], above: Above) -> frozenset[str]:
    """Return the nodes named and all above them; all nodes where none is named."""
    needed = set(last or nodes)
    for name in reversed(nodes):
        if name in needed:
            needed |= above[name]
    return frozenset(needed)


def _check(name: str, nodes: Sequence[str], pipeline: str) -> None:
    if name not in nodes:
        near = get_close_matches(name, nodes, 1)
        raise UsageError(
            found=f"a node {name!r}",
            expected=f"a node of {pipeline!r}: {', '.join(nodes)}",
            do=f"Choose {near[0]!r}" if near else "Choose one of them",
        )
