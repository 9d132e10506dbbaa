"""Figures as text for other tools: DOT for Graphviz, Mermaid for Markdown."""

from collections.abc import Mapping, Sequence

from headrace.lineage.figure import Box, Figure

MERMAID_MOST = 200
"""Boxes that pages which draw Mermaid can take."""

_SHAPES: Mapping[str, str] = {"artifact": "box", "execution": "ellipse", "run": "folder"}
_FRAMES: Mapping[str, tuple[str, str]] = {"artifact": ("[", "]"), "execution": ("([", "])"), "run": ("[[", "]]")}


def dot_of(figure: Figure) -> str:
    """Write a figure for Graphviz."""
    lines = [f"digraph {_quoted(figure.title)} {{", "  rankdir=LR;", '  node [fontname="sans-serif", fontsize=10];']
    for box in figure.boxes:
        bold = ", penwidth=2" if box.is_focus else ""
        lines.append(
            f"  {_quoted(box.id)} [shape={_SHAPES[box.kind]}, label={_quoted(chr(10).join(_said(box)))}{bold}];"
        )
    for line in figure.lines:
        style = ", style=dashed" if line.dashed else ""
        lines.append(f"  {_quoted(line.source)} -> {_quoted(line.target)} [label={_quoted(line.label)}{style}];")
    lines += [f"  // {' '.join(note.split())}" for note in figure.notes]
    return "\n".join([*lines, "}"]) + "\n"


def mermaid_of(figure: Figure) -> str:
    """Write a figure for Mermaid."""
    names = {box.id: f"n{number}" for number, box in enumerate(figure.boxes)}
    lines = ["flowchart LR"]
    for box in figure.boxes:
        begin, end = _FRAMES[box.kind]
        lines.append(f'  {names[box.id]}{begin}"{"<br>".join(map(_entities, _said(box)))}"{end}')
    for line in figure.lines:
        arrow = "-.->" if line.dashed else "-->"
        label = f'|"{_entities(line.label)}"|' if line.label else ""
        lines.append(f"  {names[line.source]} {arrow}{label} {names[line.target]}")
    lines += [f"  %% {_entities(' '.join(note.split()))}" for note in figure.notes]
    return "\n".join(lines) + "\n"


def _said(box: Box) -> Sequence[str]:
    state = [] if box.state in ("", "LIVE", "COMPLETE") else [box.state]
    return [box.title, *box.text, *state]


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def _entities(text: str) -> str:
    """Write every sign that could mean something to Mermaid or HTML as a number."""
    return "".join(sign if sign.isalnum() or sign in " .,-/()" else f"#{ord(sign)};" for sign in text)
