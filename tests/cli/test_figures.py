"""Figures of all questions about the graph."""

import re

import pytest

from tests.cli.conftest import Ask
from tests.lineage.conftest import History

QUESTIONS = {
    "blame": ("blame", "Bless.blessing"),
    "impact": ("impact", "Source.rows"),
    "path": ("path", "Source.rows", "Bless.blessing"),
}
BEGINS = {"dot": "digraph", "mermaid": "flowchart LR", "svg": "<svg", "html": "<!doctype html>"}


@pytest.mark.parametrize("output", BEGINS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_its_figure(ask: Ask, question: str, output: str) -> None:
    answered = ask(*QUESTIONS[question], "-o", output)
    assert answered.code == 0
    assert answered.out.startswith(BEGINS[output])


def edges(dot: str) -> set[tuple[str, str]]:
    return {(m[1], m[2]) for m in re.finditer(r'^  "([^"]+)" -> "([^"]+)"', dot, re.MULTILINE)}


def test_a_path_is_drawn_in_the_direction_of_what_is_made(ask: Ask, history: History) -> None:
    rows, model, blessing = (
        f"artifact:{history.artifact(history.longer, node, output)}"
        for node, output in (("Source", "rows"), ("Train", "model"), ("Bless", "blessing"))
    )
    train, bless = (f"execution:{history.execution(history.longer, node).id}" for node in ("Train", "Bless"))
    wanted = {(rows, train), (train, model), (model, bless), (bless, blessing)}
    for ends in ((rows, blessing), (blessing, rows)):
        assert edges(ask("path", *ends, "--most", "1", "-o", "dot").out) == wanted


def test_where_there_is_no_way_what_both_were_made_from_is_drawn(ask: Ask, history: History) -> None:
    judged = f"artifact:{history.artifact(history.longer, 'Judge', 'verdict')}"
    answered = ask("path", judged, "Train.model", "-o", "dot")
    rows = f"artifact:{history.artifact(history.longer, 'Source', 'rows')}"
    assert {target for source, target in edges(answered.out) if source == rows} == {
        f"execution:{history.execution(history.longer, node).id}" for node in ("Judge", "Train")
    }
    model = history.artifact(history.longer, "Train", "model")
    assert answered.err == (
        f"neither was made from the other: Verdict {judged} and Model artifact:{model}: "
        "shown is what both were made from last\n"
    )


def test_a_figure_of_blame_shows_who_did_the_work(ask: Ask, history: History) -> None:
    out = ask("blame", "Train.model", "-o", "dot").out
    workers = {f"execution:{history.execution(history.longer, node).id}" for node in ("Source", "Train")}
    assert {end for edge in edges(out) for end in edge if end.startswith("execution")} == workers


@pytest.mark.parametrize("question", ["blame", "impact"])
def test_a_figure_may_be_capped_or_drawn_by_type(ask: Ask, question: str) -> None:
    assert " of " in ask(*QUESTIONS[question], "--most", "2", "-o", "svg").err
    out = ask(*QUESTIONS[question], "--collapse", "type", "-o", "dot").out
    assert out.count('"artifact:Model" [shape') == 1
    refused = ask(*QUESTIONS[question], "--collapse", "type")
    assert (refused.code, "--collapse with -o table; expected a figure" in refused.err) == (2, True)


def test_a_cap_draws_whole_groups(ask: Ask) -> None:
    whole = ask("lineage", "Bless.blessing", "--up", "--collapse", "type", "-o", "dot")
    part = ask("lineage", "Bless.blessing", "--up", "--collapse", "type", "--most", "2", "-o", "dot")
    boxes = [line for line in part.out.splitlines() if "[shape=" in line]
    assert len(boxes) == 2
    assert set(boxes) <= set(whole.out.splitlines())
    assert f"2 of {whole.out.count('[shape=')}\n" in part.err
