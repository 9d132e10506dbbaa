"""Figures as SVG, alone or in a page of their own: no script, no font, nothing from elsewhere."""

from collections.abc import Mapping, Sequence
from html import escape

from headrace.lineage.figure import Box, Figure
from headrace.lineage.layout import Layout, Point, layout

LINE, PAD, TITLE = 15.0, 10.0, 18.0
LETTER, NARROWEST, WIDEST = 6.4, 110.0, 260.0
"""The width of a letter of the text, and of the narrowest and the widest box."""
MARGIN = 24.0

STYLE = """
.hr{font:12px system-ui,sans-serif;--ink:#1d2530;--soft:#5c6875;--paper:#fff;--artifact:#e8f0fb;--execution:#eef1f4;
--run:#f3edfa;--edge:#9aa5b1;--bad:#b3261e;--good:#1a7f4b;--warn:#8a5a00}
@media(prefers-color-scheme:dark){.hr{--ink:#e6eaef;--soft:#9aa5b1;--paper:#14181d;--artifact:#1c2c44;--execution:#232a32;
--run:#2c2340;--edge:#5c6875;--bad:#ff8a80;--good:#6fd39c;--warn:#e8b04b}}
.hr text{fill:var(--ink)}.hr .soft{fill:var(--soft);font-size:11px}.hr .title{font-weight:600}
.hr .artifact rect{fill:var(--artifact)}.hr .execution rect{fill:var(--execution)}.hr .run rect{fill:var(--run)}
.hr rect{stroke:var(--edge);stroke-width:1}.hr .focus rect{stroke:var(--ink);stroke-width:2}
.hr .gone rect{stroke-dasharray:3 3;fill:none}.hr .bad .state{fill:var(--bad)}.hr .good .state{fill:var(--good)}
.hr .warn .state{fill:var(--warn)}.hr path{fill:none;stroke:var(--edge);stroke-width:1.2}
.hr .dashed{stroke-dasharray:5 4}
.hr .head{fill:var(--edge);stroke:none}
"""
PAGE_STYLE = (
    ":root{color-scheme:light dark;--ink:#1d2530;--paper:#fff;--link:#1a5fb4}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6eaef;--paper:#14181d;--link:#8ab4f8}}"
    "body{margin:0;font:14px/1.5 system-ui,sans-serif;background:var(--paper);color:var(--ink)}a{color:var(--link)}"
    "main{overflow:auto}section{padding:24px}"
)

_TONES: Mapping[str, str] = {
    **dict.fromkeys(("FAILED", "BLOCKED", "TAINTED", "LOST"), "bad"),
    **dict.fromkeys(("RUNNING", "CANCELED", "SKIPPED"), "warn"),
    **dict.fromkeys(("DELETED", "MARKED_FOR_DELETION", "ABANDONED"), "gone"),
}


def svg_of(figure: Figure) -> str:
    """Draw a figure."""
    sizes = {box.id: _size(box) for box in figure.boxes}
    placed = layout(sizes, [(line.source, line.target) for line in figure.lines])
    notes = [f"{figure.title}", *figure.notes]
    width = max(placed.width, LETTER * max(map(len, notes))) + 2 * MARGIN
    height = placed.height + 2 * MARGIN + LINE * (len(notes) + 1)
    below = placed.height + MARGIN + LINE
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hr" role="img" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{escape(figure.title)}</title><style>{STYLE}</style>",
        '<rect width="100%" height="100%" style="fill:var(--paper);stroke:none"/>',
        f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">',
        *_lines(figure, placed),
        *(_box(box, placed.corners[box.id], sizes[box.id]) for box in figure.boxes),
        *(_text(note, 0, below + LINE * i, "soft") for i, note in enumerate(notes)),
        "</g></svg>",
    ]
    return "\n".join(body) + "\n"


def html_of(figure: Figure) -> str:
    """Write a page with a figure and, for those who cannot see it, the same as lists."""
    titles = {box.id: box.title for box in figure.boxes}
    from_box: dict[str, list[str]] = {}
    for line in figure.lines:
        from_box.setdefault(line.source, []).append(line.target)
    items = [
        f'<li id="{escape(box.id)}"><strong>{escape(box.title)}</strong> {escape(", ".join([*box.text, box.state]))}'
        + _leads(from_box.get(box.id, ()), titles)
        for box in figure.boxes
    ]
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<meta name='viewport' content='width=device-width'>"
    )
    return (
        f"{page}<title>{escape(figure.title)}</title><style>{PAGE_STYLE}</style></head><body><main>{svg_of(figure)}</main>"
        f"<section aria-label='The same as a list'><ul>{''.join(items)}</ul></section></body></html>\n"
    )


def _leads(targets: Sequence[str], titles: Mapping[str, str]) -> str:
    if not targets:
        return "</li>"
    links = (f"<a href='#{escape(target)}'>{escape(titles[target])}</a>" for target in targets)
    return f": leads to {', '.join(links)}</li>"


def _size(box: Box) -> tuple[float, float]:
    longest = max(len(text) for text in (box.title, *box.text, box.state))
    return min(max(longest * LETTER + 2 * PAD, NARROWEST), WIDEST), TITLE + LINE * _rows(box) + PAD


def _rows(box: Box) -> int:
    return len(box.text) + bool(_state(box))


def _state(box: Box) -> str:
    return "" if box.state in ("LIVE", "COMPLETE") else box.state


def _box(box: Box, corner: Point, size: tuple[float, float]) -> str:
    (x, y), (width, height) = corner, size
    names = " ".join([box.kind, _TONES.get(box.state, ""), "focus" if box.is_focus else ""]).strip()
    room = round((width - 2 * PAD) / LETTER)
    corners = height / 2 if box.kind == "execution" and not box.text else 9 if box.kind == "execution" else 3
    rows = [_text(_cut(box.title, room), PAD, TITLE, "title")]
    rows += [_text(_cut(text, room), PAD, TITLE + LINE * n, "soft") for n, text in enumerate(box.text, 1)]
    if state := _state(box):
        rows.append(_text(state, PAD, TITLE + LINE * (len(box.text) + 1), "state"))
    return (
        f'<g class="{names}" transform="translate({x:.1f} {y:.1f})"><title>{escape(" · ".join([box.title, *box.text]))}'
        f'</title><rect width="{width:.1f}" height="{height:.1f}" rx="{corners:.0f}"/>{"".join(rows)}</g>'
    )


def _text(text: str, x: float, y: float, name: str) -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _lines(figure: Figure, placed: Layout) -> list[str]:
    drawn: list[str] = []
    for line, route in zip(figure.lines, placed.routes, strict=True):
        name = ' class="dashed"' if line.dashed else ""
        title = f"<title>{escape(line.label)}</title>" if line.label else ""
        x, y = route[-1]
        drawn.append(f'<path{name} d="{_curve(route)}">{title}</path>')
        drawn.append(f'<path class="head" d="M{x:.1f} {y:.1f}l-7 -3.5v7z"/>')
    return drawn


def _curve(route: Sequence[Point]) -> str:
    """Draw a line through points, level where it comes and goes."""
    (x, y), *rest = route
    parts = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in rest:
        half = (to_x - x) / 2
        parts.append(f"C{x + half:.1f} {y:.1f} {to_x - half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)
