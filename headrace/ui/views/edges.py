"""The edges of a run's graph: from its plan where there is one, and from what its nodes read otherwise."""

from collections.abc import Iterator, Sequence

from headrace.lineage.lists import Row
from headrace.metadata.records import Execution
from headrace.ui.planned import Plan


def edges_of(plan: Plan | None, executions: Sequence[Execution], nodes: Sequence[str]) -> list[Row]:
    """List the edges between these nodes, each once."""
    found = _planned(plan) if plan else _read(executions)
    known = set(nodes)
    edges = {(row["from"], row["to"], row["kind"], row["label"]): row for row in found}
    return [row for row in edges.values() if row["from"] in known and row["to"] in known and row["from"] != row["to"]]


def _planned(plan: Plan) -> Iterator[Row]:
    for edge in plan.edges:
        yield _edge(edge.source, edge.target, "data" if edge.is_data else "order", edge.label)


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
