"""What a run was told to do, from the spec that it left: nodes in order, and the edges between them.

Only what is drawn is read, so that a run's graph is whole whichever headrace wrote its spec.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from json import loads
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class PlannedEdge:
    """A node waits for another one: for data, or only for its end."""

    source: str
    target: str
    is_data: bool
    label: str


@dataclass(frozen=True)
class Plan:
    """The pipeline that a run was told to run: components by nodes, in order, and the edges."""

    components: Mapping[str, str]
    edges: Sequence[PlannedEdge]


def plan_in(folder: Path | None) -> Plan | None:
    """Read the spec of a run; None where there is none, or nothing that reads like one."""
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError, CycleError):
        if folder:
            return _plan(loads((folder / "spec.json").read_text(encoding="utf-8"))["record"])
    return None


def _plan(spec: Mapping[str, Any]) -> Plan:
    nodes = {str(node["id"]): node for node in spec["nodes"]}
    edges = [edge for node in nodes.values() if node["id"] != spec.get("on_exit") for edge in _edges_to(node)]
    if spec.get("on_exit") in nodes:
        edges += [PlannedEdge(other, spec["on_exit"], False, "on exit") for other in nodes if other != spec["on_exit"]]
    waits: dict[str, list[str]] = {name: [] for name in nodes}
    for edge in edges:
        waits[edge.target].append(edge.source)
    order = [name for name in TopologicalSorter(waits).static_order() if name in nodes]
    return Plan({name: str(nodes[name].get("component", "")) for name in order}, edges)


def _edges_to(node: Mapping[str, Any]) -> Iterator[PlannedEdge]:
    for name, wanted in node["inputs"].items():
        for source, output in _from_nodes(wanted["sources"]):
            yield PlannedEdge(source, node["id"], True, f"{output} → {name}")
    for name, value in node["parameters"].items():
        yield from (PlannedEdge(source, node["id"], True, name) for source, _ in _from_nodes(value))
    options = node.get("options") or {}
    yield from (PlannedEdge(source, node["id"], False, "when") for source, _ in _from_nodes(options.get("when")))
    yield from (PlannedEdge(str(source), node["id"], False, "after") for source in options.get("after", ()))


def _from_nodes(value: Any) -> Iterator[tuple[str, str]]:
    """Find the outputs of nodes that a part of a spec reads, however deep."""
    if isinstance(value, list):
        for part in value:
            yield from _from_nodes(part)
    elif isinstance(value, dict):
        if value.get("kind") == "FromNode":
            yield str(value["node"]), str(value["output"])
        for part in value.values():
            yield from _from_nodes(part)
