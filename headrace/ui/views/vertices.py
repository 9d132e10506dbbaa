"""Points and edges of a graph as a page draws them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from headrace.lineage.label import LOST, Labels
from headrace.lineage.lists import Row
from headrace.lineage.marks import Marks, mark_of
from headrace.lineage.snapshot import Edge, Vertex
from headrace.lineage.view import Collapsed, Group, ends_of
from headrace.spec.records import Json
from headrace.ui.views.slots import label_of

_WRONG_FIRST = ("FAILED", "BLOCKED", "TAINTED", "CANCELED", "RUNNING")


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What is said of some vertices beside what they are: neighbours out of sight, differences, reasons, marks."""

    up: Mapping[Vertex, int] = field(default_factory=dict)
    down: Mapping[Vertex, int] = field(default_factory=dict)
    diff: Mapping[Vertex, str] = field(default_factory=dict)
    why: Mapping[Vertex, Sequence[Json]] = field(default_factory=dict)
    marks: Mapping[Vertex, Sequence[str]] = field(default_factory=dict)


def vertex_rows(vertices: Iterable[Vertex], labels: Labels, notes: Notes) -> list[Row]:
    """Describe vertices, reading what is not known of the artifacts among them at once."""
    shown = list(vertices)
    labels.snapshot.artifacts_with(vertex.number for vertex in shown if vertex.kind == "artifact")
    return [vertex_row(vertex, labels, notes) for vertex in shown]


def vertex_row(vertex: Vertex, labels: Labels, notes: Notes) -> Row:
    """Describe one vertex."""
    row = _artifact(vertex, labels) if vertex.kind == "artifact" else _execution(vertex, labels)
    known = row["marks"]
    marks = [*(known if isinstance(known, list) else ()), *notes.marks.get(vertex, ())]
    return {
        "id": str(vertex),
        "count": 1,
        **row,
        "marks": marks,
        "beyond": {"up": notes.up.get(vertex, 0), "down": notes.down.get(vertex, 0)},
        "diff": notes.diff.get(vertex),
        "why": list(notes.why.get(vertex, ())),
    }


def _artifact(vertex: Vertex, labels: Labels) -> Row:
    artifact = labels.snapshot.artifact(vertex.number)
    if artifact is None:
        missing: Row = {"kind": "artifact", "type": "Artifact", "title": str(vertex), "subtitle": LOST}
        return {**missing, "state": "UNKNOWN", "marks": [], "run": None, "created": None, "size": None}
    made = labels.snapshot.made_by(vertex.number)
    maker = labels.snapshot.by_execution[made.execution] if made else None
    return {
        "kind": "artifact",
        "type": artifact.type,
        "title": label_of(artifact.record),
        "subtitle": f"{maker.node}.{made.name}" if maker and made else "no node made it",
        "state": artifact.shown_state,
        "marks": marks_of(mark_of(artifact, labels.marks)),
        "run": maker.run or None if maker else None,
        "created": artifact.created or None,
        "size": artifact.record.size or None,
    }


def marks_of(marks: Marks) -> list[str]:
    """Name what was decided about a model, as the page's symbols are called."""
    judged = {True: ["blessed"], False: ["not blessed"], None: []}[marks.blessed]
    return [*judged, *(["pushed"] if marks.pushed else [])]


def _execution(vertex: Vertex, labels: Labels) -> Row:
    execution = labels.snapshot.by_execution[vertex.number]
    item = "" if execution.item is None else f"[{execution.item}]"
    is_there = vertex.number in labels.snapshot.by_execution
    attempt = f"attempt {execution.attempt}" if execution.attempt > 1 else ""
    return {
        "kind": "execution",
        "type": execution.type,
        "title": f"{execution.node or execution.type}{item}",
        "subtitle": "  ".join(filter(None, [execution.pipeline, attempt])) if is_there else LOST,
        "state": execution.state,
        "marks": [],
        "run": execution.run or None,
        "created": execution.created or None,
        "size": None,
    }


def edge_rows(edges: Iterable[Edge], diff: Mapping[Edge, str] | None = None) -> list[Row]:
    """Describe edges in the direction of what is made."""
    return [
        {
            "from": str(source),
            "to": str(target),
            "label": f"{edge.name}[{edge.index}]" if edge.index else edge.name,
            "side": edge.side,
            "resolver": edge.resolver or None,
            "cached": edge.cached,
            "diff": (diff or {}).get(edge),
        }
        for edge in edges
        for source, target in [ends_of(edge)]
    ]


def group_rows(collapsed: Collapsed, labels: Labels) -> tuple[list[Row], list[Row]]:
    """Describe groups of vertices, and how often one leads to another."""
    rows = [_group(group, labels) for group in collapsed.groups]
    links: list[Row] = [
        {**link_row(group_id(link.source), group_id(link.target), link.count)} for link in collapsed.links
    ]
    return rows, links


def link_row(source: str, target: str, count: int, side: str = "") -> Row:
    return {
        "from": source,
        "to": target,
        "label": f"{count:,}",
        "count": count,
        "side": side or None,
        "resolver": None,
        "cached": False,
        "diff": None,
    }


def group_id(group: str) -> str:
    """Name a group so that it is no vertex: `artifact:Model` is `type:Model`, `execution:Trainer` is `node:Trainer`."""
    kind, _, name = group.partition(":")
    return f"{ {'artifact': 'type', 'execution': 'node'}.get(kind, kind) }:{name}"


def _group(group: Group, labels: Labels) -> Row:
    run = labels.snapshot.by_run.get(group.label) if group.kind == "run" else None
    states = states_text(group.states)
    return {
        **grouped_row(group_id(group.id), group.kind, group.label, len(group.members), states),
        "state": run.state if run else None,
        "run": run.id if run else None,
        "created": run.started or None if run else None,
    }


def states_text(states: Mapping[str, int]) -> str:
    """Count states in words, what went wrong first: the end may be cut off."""
    rank = {state: place for place, state in enumerate(_WRONG_FIRST)}
    ordered = sorted(states.items(), key=lambda each: rank.get(each[0], len(rank)))
    return ", ".join(f"{count:,} {state}" for state, count in ordered)


def grouped_row(identity: str, kind: str, label: str, count: int, subtitle: str) -> Row:
    return {
        "id": identity,
        "kind": "group",
        "of": kind,
        "type": label,
        "title": label,
        "subtitle": subtitle,
        "state": None,
        "marks": [],
        "run": None,
        "created": None,
        "size": None,
        "count": count,
        "beyond": {"up": 0, "down": 0},
        "diff": None,
        "why": [],
    }
