"""A whole store by type, small enough to be drawn whatever its size."""

from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot
from headrace.lineage.summary import TypeCount, summary
from headrace.ui.views.vertices import grouped_row, link_row, states_text

MOST = 30
"""How many types are drawn; the rest is counted."""


def by_type_view(snapshot: Snapshot) -> Row:
    """Draw the types of a store, the most frequent ones, with what reads and gives what."""
    counted = summary(snapshot)
    types = sorted(counted.types, key=lambda each: -each.count)
    shown = {_id(each.kind, each.type): each for each in sorted(types[:MOST], key=lambda each: each.first)}
    links = []
    for link in counted.links:
        node, kind = _id("execution", link.execution), _id("artifact", link.artifact)
        if node in shown and kind in shown:
            source, target = (kind, node) if link.side == "input" else (node, kind)
            links.append(link_row(source, target, link.count, link.side))
    things = len(snapshot.by_execution) + len(snapshot.by_artifact)
    left = f"; {len(types) - MOST} rarer types are left out" if len(types) > MOST else ""
    return {
        "focus": [],
        "vertices": [_row(name, each) for name, each in shown.items()],
        "edges": links,
        "shown": len(shown),
        "total": things,
        "collapsed": True,
        "note": f"{things:,} executions and artifacts, by type{left}",
    }


def _id(kind: str, name: str) -> str:
    return f"{'type' if kind == 'artifact' else 'node'}:{name}"


def _row(identity: str, counted: TypeCount) -> Row:
    return grouped_row(identity, counted.kind, counted.type, counted.count, states_text(counted.states))
