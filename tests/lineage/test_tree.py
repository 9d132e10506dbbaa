import re

from headrace.lineage.label import labels_of, size_text
from headrace.lineage.query import ancestors, descendants
from headrace.lineage.snapshot import Vertex
from headrace.lineage.tree import ASCII, UNICODE, draw, glyphs_for
from tests.lineage.conftest import History
from tests.lineage.graphs import graph_of


def test_draws_what_a_blessing_was_made_from(history: History) -> None:
    snapshot = history.snapshot()
    start = Vertex("artifact", history.artifact(history.first, "Bless", "blessing"))
    lines = draw(ancestors(snapshot, [start]), labels_of(snapshot))
    shape = [re.sub(r"  .*", "", line.replace("─ ", "─").replace("   ", "···").replace("│  ", "│··")) for line in lines]
    assert [re.sub(r":\d+", "", line) for line in shape] == [
        "ModelBlessing artifact",
        "└─Bless execution",
        "···└─model: Model artifact",
        "······└─Train execution",
        "·········└─rows: Rows artifact",
        "············└─Source execution",
    ]


def test_what_is_shared_is_drawn_once_and_referred_to(history: History) -> None:
    snapshot = history.snapshot()
    start = [Vertex("execution", history.execution(history.longer, node).id) for node in ("Judge", "Train")]
    lines = draw(ancestors(snapshot, start), labels_of(snapshot))
    rows = [line for line in lines if "rows: Rows" in line]
    assert [line.endswith("(above)") for line in rows] == [False, True]


def test_says_what_is_left_out(history: History) -> None:
    snapshot = history.snapshot()
    start = Vertex("artifact", history.artifact(history.first, "Source", "rows"))
    first, *_ = draw(descendants(snapshot, [start], 0), labels_of(snapshot), ASCII)
    assert first.endswith("  ... 2 more  +2 cached")


def test_a_blessed_model_says_so(history: History) -> None:
    snapshot = history.snapshot()
    start = Vertex("artifact", history.artifact(history.longer, "Train", "model"))
    assert "  blessed" in draw(ancestors(snapshot, [start], 0), labels_of(snapshot))[0]


def test_a_chain_of_any_length_is_drawn() -> None:
    snapshot = graph_of({n: ([n - 1] if n > 1 else [], [n]) for n in range(1, 3000)})
    lines = draw(descendants(snapshot, [Vertex("execution", 1)]), labels_of(snapshot))
    assert len(lines) == 2 * len(snapshot.by_execution)


def test_lines_are_those_that_a_terminal_can_show() -> None:
    assert glyphs_for("utf-8") is UNICODE
    assert glyphs_for("ascii") is ASCII
    assert glyphs_for(None) is ASCII


def test_sizes_are_readable() -> None:
    assert [size_text(n) for n in (0, 999, 1000, 1_250_000)] == ["0 B", "999 B", "1.0 kB", "1.2 MB"]
