"""The order of nodes: what each waits for."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from headrace.errors import SpecError
from headrace.spec import records
from headrace.spec.records import NodeSpec, PipelineSpec


def ordered(pipeline: PipelineSpec) -> list[NodeSpec]:
    """Sort the nodes so that each comes after those it waits for, the exit handler last.

    A spec that was edited by hand may hold what cannot be declared: SpecError names a cycle, a node or an output that
    is not there, or `for_each`, which is reserved. Types of edges are not compared: a subtype may be given for its
    parent, and a spec does not know which types are related.
    """
    nodes = {node.id: node for node in pipeline.nodes}
    if len(nodes) < len(pipeline.nodes):
        ids = [node.id for node in pipeline.nodes]
        raise _again(f"two nodes of {pipeline.name!r} are called {max(ids, key=ids.count)!r}", "an id for each")
    for node in pipeline.nodes:
        _check(node, nodes)
    graph = {node.id: waits_for(node, pipeline) for node in pipeline.nodes}
    try:
        return [nodes[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " <- ".join(error.args[1])
        raise _again(
            f"nodes of {pipeline.name!r} wait for each other: {circle}", "an order in which each can run"
        ) from error


def waits_for(node: NodeSpec, pipeline: PipelineSpec) -> list[str]:
    """List the nodes that must have ended before a node starts; the exit handler waits for all others."""
    if node.id == pipeline.on_exit:
        return [other.id for other in pipeline.nodes if other.id != node.id]
    return list(dict.fromkeys([*required(node), *optional(node)]))


def required(node: NodeSpec) -> list[str]:
    """List what must have succeeded for a node to run: required inputs, placeholders, its condition, `after`."""
    values = nodes_in([*node.parameters.values(), node.options.when])
    return list(dict.fromkeys([*_of_inputs(node, required=True), *values, *node.options.after]))


def optional(node: NodeSpec) -> list[str]:
    """List what a node waits for and can do without."""
    return list(dict.fromkeys(_of_inputs(node, required=False)))


def nodes_in(values: Iterable[records.Expression | records.ConditionSpec | None]) -> Iterator[str]:
    """Find the nodes that expressions and conditions read."""
    for leaf in (leaf for value in values for leaf in _leaves(value)):
        match leaf:
            case records.PropertyValue(records.FromNode(node)):
                yield node


def run_values_in(value: object) -> Iterator[str]:
    """Find the run's parameters that an expression or a condition reads."""
    return (leaf.name for leaf in _leaves(value) if isinstance(leaf, records.RunValue))


def secrets_of(node: NodeSpec) -> Iterator[str]:
    """Find the names of the secrets that a node is told."""
    leaves = (leaf for value in node.parameters.values() for leaf in _leaves(value))
    return (leaf.name for leaf in leaves if isinstance(leaf, records.SecretValue))


def _leaves(value: object) -> Iterator[object]:
    """Go through what an expression or a condition is made of, from left to right."""
    match value:
        case records.ListOf(parts):
            yield from (leaf for part in parts for leaf in _leaves(part))
        case records.DictOf(items):
            yield from (leaf for part in items.values() for leaf in _leaves(part))
        case (
            records.Equals(left, right)
            | records.AtLeast(left, right)
            | records.And(left, right)
            | records.Or(left, right)
        ):
            yield from (leaf for part in (left, right) for leaf in _leaves(part))
        case records.Not(condition):
            yield from _leaves(condition)
        case _:
            yield value


def _of_inputs(node: NodeSpec, *, required: bool) -> Iterator[str]:
    for wanted in node.inputs.values():
        if wanted.required is required:
            yield from (source.node for source in wanted.sources if isinstance(source, records.FromNode))


def _check(node: NodeSpec, nodes: dict[str, NodeSpec]) -> None:
    sources = [source for wanted in node.inputs.values() for source in wanted.sources]
    if node.items is not None or any(isinstance(source, records.FromItems) for source in sources):
        raise _again(f"{node.id} runs once per item (for_each)", "nodes one by one: for_each is reserved")
    if missing := sorted({*required(node), *optional(node)} - nodes.keys()):
        raise _again(f"{node.id} waits for {missing}", f"nodes of the pipeline: {sorted(nodes)}")
    for name, wanted in node.inputs.items():
        for source in wanted.sources:
            if isinstance(source, records.FromNode):
                outputs = nodes[source.node].outputs
                if source.output not in outputs:
                    raise _again(f"{node.id}.{name} reads {source.node}.{source.output}", f"one of {sorted(outputs)}")


def _again(found: str, expected: str) -> SpecError:
    return SpecError(found=found, expected=expected, do="Write the spec again from the pipeline")
