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


@pytest.mark.parametrize("output", ["tree", "table", "json", "ndjson", "openlineage"])
def test_what_shapes_a_figure_is_refused_where_none_is_drawn(ask: Ask, output: str) -> None:
    for option in (["--collapse", "run"], ["--most", "3"]):
        answered = ask("lineage", "Train.model", *option, "-o", output)
        assert (answered.code, answered.out) == (2, "")
        assert f"{option[0]} with -o {output}; expected a figure: -o dot, mermaid, svg or html" in answered.err


@pytest.mark.parametrize("output", ["svg", "html", "dot", "mermaid", "openlineage"])
def test_features_are_no_figure(ask: Ask, output: str) -> None:
    for option in (["--features"], ["--feature", "a"]):
        answered = ask("lineage", "Train.model", *option, "-o", output)
        assert (answered.code, answered.out) == (2, "")
        assert f"features with -o {output}; expected -o table, json or ndjson" in answered.err


@pytest.mark.parametrize("option", [["--up", "1"], ["--within-run"], ["--cached"], ["--collapse", "run"]], ids=" ".join)
def test_features_are_not_walked(ask: Ask, option: list[str]) -> None:
    answered = ask("lineage", "Train.model", "--features", *option)
    assert answered.code == 2
    assert f"features with {option[0]}; expected one of them" in answered.err


def test_the_graph_is_shown_as_it_was(ask: Ask, history: History) -> None:
    then = str(history.again.started)
    told = ask("lineage", "Model@latest", "--as-of", then, "-o", "json").json
    assert isinstance(told, dict)
    assert told["walks"][0]["start"] == [f"artifact:{history.artifact(history.first, 'Train', 'model')}"]
    assert len(told["walks"][1]["distances"]) == 3  # of the later Bless, which reads it as the baseline, nothing
    assert ask("lineage", "@latest", "--as-of", "2001-01-01").code == 4


def test_a_time_that_cannot_be_read_is_refused(ask: Ask) -> None:
    answered = ask("lineage", "Train.model", "--as-of", "yesterday")
    assert (answered.code, "a time as 2026-11-24T10:30" in answered.err) == (2, True)


def test_a_border_of_an_unknown_type_is_refused_with_the_closest(ask: Ask) -> None:
    answered = ask("lineage", "Bless.blessing", "--until", "Modl")
    assert (answered.code, "Try Model" in answered.err) == (4, True)


def test_a_number_of_a_way_goes_before_that_of_both(ask: Ask) -> None:
    told = ask("lineage", "Bless.blessing", "--up", "2", "--depth", "1", "-o", "json").json
    assert isinstance(told, dict)
    assert max(told["walks"][0]["distances"].values()) == 2
