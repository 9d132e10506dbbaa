"""A figure of a part of the graph: boxes and lines, whatever draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from headrace.lineage.label import DIGEST, Labels, counted, moment, size_text
from headrace.lineage.marks import mark_of
from headrace.lineage.query import folded_in
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.lineage.view import Collapsed, Group, View, ends_of
from headrace.metadata.states import state_of

BoxKind = Literal["artifact", "execution", "run"]


@dataclass(frozen=True, kw_only=True)
class Box:
    """Something in a figure: its title, what else is said of it, its state; `count` is how much it stands for."""

    id: str
    kind: BoxKind
    title: str
    text: Sequence[str]
    state: str
    count: int = 1
    is_focus: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line in the direction of what is made; dashed where a resolver found it, or it was only reused."""

    source: str
    target: str
    label: str
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Boxes and lines, with what is not shown in words."""

    title: str
    boxes: Sequence[Box]
    lines: Sequence[Line]
    notes: Sequence[str]


def figure_of(title: str, labels: Labels, view: View) -> Figure:
    """Draw every vertex of a view as a box."""
    labels.snapshot.know(view.vertices)
    return Figure(
        title=title,
        boxes=[_box(vertex, labels, is_focus=vertex in view.focus) for vertex in view.vertices],
        lines=_lines(view.edges),
        notes=notes_of(view),
    )


def figure_of_groups(title: str, collapsed: Collapsed, view: View) -> Figure:
    """Draw every group of a view as a box."""
    focus = {*view.focus}
    return Figure(
        title=title,
        boxes=[_group(group, is_focus=not focus.isdisjoint(group.members)) for group in collapsed.groups],
        lines=[
            Line(source=link.source, target=link.target, label=str(link.count) if link.count > 1 else "")
            for link in collapsed.links
        ],
        notes=[*_cap(len(collapsed.groups), collapsed.hidden), *notes_of(view)],
    )


def notes_of(view: View) -> list[str]:
    """Say what a view leaves out."""
    folded = folded_in(view.folded, view.vertices)
    behind = sum(view.beyond_up.values()) + sum(view.beyond_down.values())
    return [
        *_cap(len(view.vertices), view.hidden),
        *([f"{behind:,} more behind the border"] if behind else []),
        *([f"{counted(folded, 'cached execution')} folded"] if folded else []),
    ]


def _cap(shown: int, hidden: int) -> list[str]:
    return [f"{shown:,} of {shown + hidden:,}"] if hidden else []


def _box(vertex: Vertex, labels: Labels, *, is_focus: bool) -> Box:
    if vertex.kind == "execution":
        return _execution(vertex, labels.snapshot, is_focus=is_focus)
    return _artifact(vertex, labels, is_focus=is_focus)


def _execution(vertex: Vertex, snapshot: Snapshot, *, is_focus: bool) -> Box:
    execution = snapshot.execution(vertex.number)
    if execution is None:
        return Box(id=str(vertex), kind="execution", title="Execution", text=[str(vertex)], state="", is_focus=is_focus)
    return Box(
        id=str(vertex),
        kind="execution",
        title=execution.node or execution.component,
        text=[part for part in (f"execution {vertex.number}", execution.run, moment(execution.started)) if part],
        state=state_of(execution),
        is_focus=is_focus,
    )


def _artifact(vertex: Vertex, labels: Labels, *, is_focus: bool) -> Box:
    artifact = labels.snapshot.artifact(vertex.number)
    if artifact is None:
        return Box(
            id=str(vertex), kind="artifact", title="Artifact", text=[str(vertex)], state="LOST", is_focus=is_focus
        )
    record, mark = artifact.record, mark_of(artifact, labels.marks)
    details = [
        "" if artifact.span is None else f"span {artifact.span}",
        record.digest[:DIGEST],
        size_text(record.size) if record.digest else "",
    ]
    marks = [{True: "blessed", False: "not blessed", None: ""}[mark.blessed], *(f"pushed to {p}" for p in mark.pushed)]
    told = (f"artifact {vertex.number}", "  ".join(part for part in details if part), *marks)
    return Box(
        id=str(vertex),
        kind="artifact",
        title=artifact.type,
        text=[part for part in told if part],
        state=artifact.shown_state,
        is_focus=is_focus,
    )


def _group(group: Group, *, is_focus: bool) -> Box:
    states = ", ".join(f"{count} {state}" for state, count in sorted(group.states.items()))
    return Box(
        id=group.id,
        kind=group.kind,
        title=group.label,
        text=[f"{len(group.members):,} in it" if group.kind == "run" else f"{len(group.members):,}", states],
        state=next(iter(group.states), "") if len(group.states) == 1 else "",
        count=len(group.members),
        is_focus=is_focus,
    )


def _lines(edges: Sequence[Edge]) -> list[Line]:
    """Draw one line between two boxes, however many edges there are."""
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        source, target = ends_of(edge)
        between.setdefault((str(source), str(target)), []).append(edge)
    return [
        Line(source=s, target=t, label=", ".join(dict.fromkeys(map(_name, found))), dashed=_is_loose(found))
        for (s, t), found in between.items()
    ]


def _name(edge: Edge) -> str:
    return f"{edge.name}[{edge.index}]" if edge.index else edge.name


def _is_loose(edges: Sequence[Edge]) -> bool:
    return all(edge.resolver or edge.cached for edge in edges)


def links_of(figure: Figure) -> Mapping[str, Sequence[str]]:
    """Map boxes to those that their lines lead to."""
    links: dict[str, list[str]] = {}
    for line in figure.lines:
        links.setdefault(line.source, []).append(line.target)
    return links
