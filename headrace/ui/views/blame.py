"""What determined an artifact, as a page lists it: data, code, parameters and environment."""

from dataclasses import asdict

from headrace.lineage.blame import Blame, CodeLeaf, DataLeaf
from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Edge


def blame_row(found: Blame) -> Row:
    """Write what determined something as plain data."""
    return {
        "data": [_data(leaf) for leaf in found.data],
        "code": [_code(leaf) for leaf in found.code],
        "commits": [asdict(commit) for commit in found.commits],
        "parameters": [
            {"name": f"{leaf.node}.{leaf.name}", "value": leaf.value, "origin": leaf.origin}
            for leaf in found.parameters
        ],
        "environment": [
            {"name": leaf.name, "value": leaf.version, "nodes": list(leaf.nodes)} for leaf in found.environment
        ],
        "environments": list(found.environments),
        "executions": list(found.executions),
        "unkeyed": [_unkeyed(edge) for edge in found.unkeyed],
    }


def _data(leaf: DataLeaf) -> Row:
    return {
        "title": leaf.place or f"{leaf.type} artifact:{leaf.artifact}",
        "href": f"/artifacts/{leaf.artifact}",
        "artifact": leaf.artifact,
        "type": leaf.type,
        "node": leaf.node,
        "digest": leaf.digest,
        "span": leaf.span,
        "facts": dict(leaf.facts),
        "state": leaf.state,
    }


def _code(leaf: CodeLeaf) -> Row:
    return {"title": leaf.module, "digest": leaf.digest, "nodes": list(leaf.nodes)}


def _unkeyed(edge: Edge) -> Row:
    return {
        "execution": edge.execution,
        "artifact": edge.artifact,
        "name": edge.name,
        "resolver": edge.resolver or None,
    }
