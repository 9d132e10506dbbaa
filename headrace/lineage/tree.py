"""Draws a walk as a tree of text: what is shared is drawn once and referred to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.lineage.label import Labels
from headrace.lineage.query import Walk
from headrace.lineage.snapshot import Edge, Vertex


@dataclass(frozen=True)
class Glyphs:
    """The lines of a tree; each but `more` is three columns wide."""

    fork: str
    last: str
    bar: str
    more: str
    blank: str = "   "


UNICODE = Glyphs("├─ ", "└─ ", "│  ", "…")
ASCII = Glyphs("|- ", "`- ", "|  ", "...")


def glyphs_for(encoding: str | None) -> Glyphs:
    """Choose the lines that an encoding can write."""
    try:
        (UNICODE.fork + UNICODE.more).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


@dataclass(frozen=True)
class _Branch:
    """A vertex still to be drawn: the lines before it, and as what it was reached."""

    vertex: Vertex
    lead: str = ""
    below: str = ""
    via: str = ""
    after: str = ""


def draw(walk: Walk, labels: Labels, glyphs: Glyphs = UNICODE) -> list[str]:
    """Draw a walk, one line a vertex; a chain of any length is drawn without recursion."""
    children = _children(walk)
    labels.snapshot.know(walk.distances)
    drawn: set[Vertex] = set()
    lines: list[str] = []
    waiting = [_Branch(vertex) for vertex in reversed(walk.start)]
    while waiting:
        branch = waiting.pop()
        if branch.vertex in drawn:
            again = "  (above)" if children.get(branch.vertex) else ""
            lines.append(f"{branch.lead}{branch.via}{labels.short(branch.vertex)}{branch.after}{again}")
            continue
        drawn.add(branch.vertex)
        left = _left_out(branch.vertex, walk, glyphs)
        lines.append(f"{branch.lead}{branch.via}{labels.full(branch.vertex)}{branch.after}{left}")
        waiting += reversed(_branches(branch, children.get(branch.vertex, {}), glyphs))
    return lines


def _branches(parent: _Branch, children: Mapping[Vertex, Sequence[Edge]], glyphs: Glyphs) -> list[_Branch]:
    branches: list[_Branch] = []
    for place, (child, edges) in enumerate(children.items(), 1):
        is_last = place == len(children)
        names = ", ".join(dict.fromkeys(_name(edge) for edge in edges))
        branches.append(
            _Branch(
                child,
                lead=parent.below + (glyphs.last if is_last else glyphs.fork),
                below=parent.below + (glyphs.blank if is_last else glyphs.bar),
                via=f"{names}: " if child.kind == "artifact" else "",
                after=f"  as {names}" if child.kind == "execution" and edges[0].side == "input" else "",
            )
        )
    return branches


def _children(walk: Walk) -> dict[Vertex, dict[Vertex, list[Edge]]]:
    """Sort the edges of a walk by where they lead from, in its direction, and where to."""
    from_execution = "input" if walk.direction == "up" else "output"
    children: dict[Vertex, dict[Vertex, list[Edge]]] = {}
    for edge in walk.edges:
        execution, artifact = Vertex("execution", edge.execution), Vertex("artifact", edge.artifact)
        source, target = (execution, artifact) if edge.side == from_execution else (artifact, execution)
        children.setdefault(source, {}).setdefault(target, []).append(edge)
    return children


def _name(edge: Edge) -> str:
    index = f"[{edge.index}]" if edge.index else ""
    return f"{edge.name}{index} ({edge.resolver})" if edge.resolver else f"{edge.name}{index}"


def _left_out(vertex: Vertex, walk: Walk, glyphs: Glyphs) -> str:
    """Count what is beyond the depth, and the cached executions that an earlier one stands for."""
    beyond, folded = walk.beyond.get(vertex, 0), len(walk.folded.get(vertex, ()))
    parts = [f"{glyphs.more} {beyond} more" if beyond else "", f"+{folded} cached" if folded else ""]
    return "".join(f"  {part}" for part in parts if part)
