import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from tests.cli.conftest import Ask
from tests.lineage.conftest import History


def test_draws_both_ways(ask: Ask) -> None:
    out = ask("lineage", "@prev/Train.model").out
    above, below = out.split("\n\n")
    assert above.startswith("made from\nModel artifact:")
    assert "Source execution:" in above
    assert below.startswith("went into\nModel artifact:")
    assert "ModelBlessing artifact:" in below


def test_what_is_cut_or_folded_is_said(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    cut = ask("lineage", rows, "--down", "--depth", "1")
    assert "more beyond --depth" in cut.err
    assert "(--cached)" in cut.err
    assert ask("lineage", rows, "--down", "--cached").err == ""


def test_json_holds_vertices_and_walks(ask: Ask, history: History) -> None:
    told = ask("lineage", "@latest/Bless.blessing", "--up", "-o", "json").json
    assert isinstance(told, dict)
    assert told["version"] == 1
    (walk,) = told["walks"]
    vertices = {vertex["vertex"]: vertex for vertex in told["vertices"]}
    assert set(walk["distances"]) == set(vertices)
    assert {f"artifact:{edge['artifact']}" for edge in walk["edges"]} <= set(vertices)
    assert vertices[f"artifact:{history.artifact(history.first, 'Train', 'model')}"]["blessed"] is True


def test_a_run_is_drawn_from_its_last_nodes(ask: Ask) -> None:
    lines = ask("lineage", "@latest", "--up").out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith((" ", "├", "└", "│"))] == ["Judge", "Bless"]


def test_an_ascii_terminal_gets_ascii(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(history.lab.folder)
    result = CliRunner(charset="ascii").invoke(group, ["lineage", "@latest", "--up"])
    assert result.exit_code == 0
    assert result.stdout.isascii()


@pytest.mark.parametrize(
    ("output", "begins"),
    [("dot", "digraph"), ("mermaid", "flowchart LR"), ("svg", "<svg"), ("html", "<!doctype html>"), ("ndjson", "{")],
)
def test_writes_figures_and_data(ask: Ask, output: str, begins: str) -> None:
    answered = ask("lineage", "Train.model", "--up", "-o", output)
    assert answered.code == 0
    assert answered.out.startswith(begins)


def test_up_and_down_take_a_number_each(ask: Ask) -> None:
    told = ask("lineage", "Train.model", "--up", "1", "--down", "0", "-o", "json").json
    assert isinstance(told, dict)
    up, down = told["walks"]
    assert (max(up["distances"].values()), max(down["distances"].values())) == (1, 0)


def test_a_walk_may_end_at_a_type_or_the_run(ask: Ask) -> None:
    answered = ask("lineage", "Bless.blessing", "--up", "--until", "Model")
    assert "Source" not in answered.out
    assert "more beyond --depth, --until or the run" in answered.err
    assert ask("lineage", "Bless.blessing", "--up", "--within-run", "-o", "table").err


def test_types_are_drawn_as_one(ask: Ask) -> None:
    out = ask("lineage", "Bless.blessing", "--up", "--collapse", "type", "-o", "dot").out
    assert out.count('"artifact:Model" [shape') == 1


def test_a_cap_says_how_much_there_is(ask: Ask) -> None:
    answered = ask("lineage", "Bless.blessing", "--up", "--most", "3", "-o", "mermaid")
    assert "3 of 10" in answered.err


def test_a_reference_after_up_is_told(ask: Ask) -> None:
    assert ask("lineage", "--up", "Train.model").code == 2
