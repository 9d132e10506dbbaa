"""The edges of a run's graph: from its plan where there is one, and from what its nodes read otherwise."""

from collections.abc import Iterator, Sequence

from headrace.lineage.lists import Row
from headrace.metadata.records import Execution
from headrace.spec.order import nodes_in
from headrace.spec.records import FromNode, NodeSpec
from headrace.ui.recorded import Plan


def edges_of(plan: Plan | None, executions: Sequence[Execution], nodes: Sequence[str]) -> list[Row]:
    """List the edges between these nodes, each once."""
    found = _planned(plan) if plan else _read(executions)
    known = set(nodes)
    edges = {(row["from"], row["to"], row["kind"], row["label"]): row for row in found}
    return [row for row in edges.values() if row["from"] in known and row["to"] in known and row["from"] != row["to"]]


def _planned(plan: Plan) -> Iterator[Row]:
    for node in plan.nodes:
        if node.id == plan.spec.on_exit:
            yield from (_edge(other.id, node.id, "order", "on exit") for other in plan.nodes)
        else:
            yield from _to(node)


def _to(node: NodeSpec) -> Iterator[Row]:
    for name, wanted in node.inputs.items():
        for source in wanted.sources:
            if isinstance(source, FromNode):
                yield _edge(source.node, node.id, "data", f"{source.output} → {name}")
    for name, value in node.parameters.items():
        yield from (_edge(other, node.id, "data", name) for other in nodes_in([value]))
    yield from (_edge(other, node.id, "order", "when") for other in nodes_in([node.options.when]))
    yield from (_edge(other, node.id, "order", "after") for other in node.options.after)


def _read(executions: Sequence[Execution]) -> Iterator[Row]:
    makers = {
        artifact.id: (execution.node, name)
        for execution in executions
        for name, found in execution.outputs.items()
        for artifact in found
    }
    for execution in executions:
        for name, found in execution.inputs.items():
            for artifact in found:
                if artifact.id in makers:
                    node, output = makers[artifact.id]
                    yield _edge(node, execution.node, "data", f"{output} → {name}")


def _edge(source: str, target: str, kind: str, label: str) -> Row:
    return {"from": source, "to": target, "kind": kind, "label": label}
