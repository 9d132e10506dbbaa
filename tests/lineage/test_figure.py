import re
from xml.dom.minidom import parseString

from headrace.lineage.figure import Box, Figure, Line, figure_of, figure_of_groups
from headrace.lineage.label import labels_of
from headrace.lineage.query import Border
from headrace.lineage.snapshot import Vertex
from headrace.lineage.svg import html_of, svg_of
from headrace.lineage.text_figures import dot_of, mermaid_of
from headrace.lineage.view import around, collapse
from tests.lineage.conftest import History

EVIL = '<script>alert("x")</script> & "end"]'
HOSTILE = Figure(
    title=EVIL,
    boxes=[
        Box(id="a", kind="artifact", title=EVIL, text=[EVIL], state="LIVE"),
        Box(id="b", kind="execution", title="Train", text=[], state="FAILED"),
    ],
    lines=[Line(source="a", target="b", label=EVIL, dashed=True)],
    notes=[EVIL],
)


def blessing(history: History) -> Figure:
    snapshot = history.snapshot()
    start = [Vertex("artifact", history.artifact(history.longer, "Bless", "blessing"))]
    view = around(snapshot, start, start, up=Border(depth=1), down=None)
    return figure_of("blessing", labels_of(snapshot), view)


def test_boxes_say_what_they_are(history: History) -> None:
    figure = blessing(history)
    titles = {box.title: box for box in figure.boxes}
    assert set(titles) == {"ModelBlessing", "Bless", "Model"}
    assert titles["ModelBlessing"].is_focus
    assert titles["Bless"].state == "COMPLETE"
    assert {line.label: line.dashed for line in figure.lines} == {"model": False, "baseline": True, "blessing": False}
    assert figure.notes == ["2 more behind the border", "2 cached executions folded"]


def test_groups_say_how_much_they_stand_for(history: History) -> None:
    snapshot = history.snapshot()
    start = [Vertex("artifact", history.artifact(history.longer, "Bless", "blessing"))]
    view = around(snapshot, start, start, up=Border(), down=None)
    figure = figure_of_groups("runs", collapse(snapshot, view, "run"), view)
    assert {box.title: box.count for box in figure.boxes} == {history.longer.id: 6, history.first.id: 4}


def test_dot_and_mermaid_name_every_box_and_line(history: History) -> None:
    figure = blessing(history)
    dot, mermaid = dot_of(figure), mermaid_of(figure)
    assert dot.count(" -> ") == mermaid.count("-->") + mermaid.count("-.->") == len(figure.lines)
    assert dot.count("shape=") == len(figure.boxes)
    assert mermaid.startswith("flowchart LR\n")


def test_hostile_text_stays_text() -> None:
    for text in (svg_of(HOSTILE), html_of(HOSTILE)):
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    assert "<script" not in mermaid_of(HOSTILE)
    drawn = [line for line in dot_of(HOSTILE).splitlines() if not line.strip().startswith("//")]
    assert not re.search(r'(?<!\\)"end"', "\n".join(drawn))
    parseString(svg_of(HOSTILE))  # it is well formed


def test_svg_holds_every_box_and_is_well_formed(history: History) -> None:
    figure = blessing(history)
    document = parseString(svg_of(figure))
    drawn = [g for g in document.getElementsByTagName("g") if g.getAttribute("class")]
    assert len(drawn) == len(figure.boxes)
    assert "focus" in next(g.getAttribute("class") for g in drawn if "ModelBlessing" in g.toxml())


def test_the_page_holds_the_same_as_a_list(history: History) -> None:
    figure = blessing(history)
    page = html_of(figure)
    assert page.count("<li id=") == len(figure.boxes)
    assert "http" not in re.sub(r"http-equiv|http://www.w3.org/2000/svg", "", page)


def test_a_page_is_dark_where_its_figure_is() -> None:
    style = html_of(HOSTILE).partition("</style>")[0]
    assert ":root{color-scheme:light dark" in style
    assert "background:var(--paper)" in style
    assert "a{color:var(--link)}" in style
