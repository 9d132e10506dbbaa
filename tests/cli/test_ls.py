import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.ls import WHERE
from headrace.cli.main import group
from headrace.errors import ExitCode, UnfitEnvironment
from tests.cli.conftest import Ask
from tests.lineage.conftest import History


def test_lists_runs_newest_first_with_how_their_nodes_ended(ask: Ask, history: History) -> None:
    rows = ask("ls", "runs", "-o", "json").json
    assert isinstance(rows, list)
    told = [(row["id"], row["pipeline"], row["state"], row["complete"], row["cached"], row["failed"]) for row in rows]
    assert told == [
        (history.longer.id, "test", "COMPLETE", 4, 0, 0),
        (history.spaced.id, "test", "COMPLETE", 1, 3, 0),
        (history.again.id, "test", "COMPLETE", 0, 4, 0),
        (history.first.id, "test", "COMPLETE", 4, 0, 0),
        (history.broken.id, "broken", "FAILED", 0, 0, 1),
    ]


def test_prints_a_table(ask: Ask, history: History) -> None:
    head, first, *_ = ask("ls", "runs").out.splitlines()
    assert head.split() == ["ID", "PIPELINE", "STATE", "STARTED", "TOOK", "COMPLETE", "CACHED", "FAILED"]
    assert first.startswith(f"{history.longer.id}  test      COMPLETE")


def test_a_limit_is_said(ask: Ask) -> None:
    limited = ask("ls", "runs", "--limit", "2")
    assert len(limited.out.splitlines()) == 3
    assert limited.err == "2 of 5 runs (--limit 0 lists all)\n"
    assert ask("ls", "executions", "--limit", "2").err == "the newest 2 executions (--limit 0 lists all)\n"
    assert ask("ls", "executions", "--limit", "0").err == ""


def test_lists_models_with_what_was_decided(ask: Ask, history: History) -> None:
    rows = ask("ls", "models", "-o", "json").json
    assert isinstance(rows, list)
    assert [(row["run"], row["blessed"], row["pushed"]) for row in rows] == [
        (history.longer.id, True, []),
        (history.first.id, True, []),
    ]


def test_an_artifact_is_listed_with_the_node_that_made_it(ask: Ask, history: History) -> None:
    rows = ask("ls", "artifacts", "--limit", "0", "-o", "json").json
    assert isinstance(rows, list)
    model = next(row for row in rows if row["id"] == history.artifact(history.first, "Train", "model"))
    assert (model["node"], model["run"], model["span"], model["state"]) == ("Train", history.first.id, 1, "LIVE")


def test_lists_pipelines_that_ran_and_those_that_are_declared(ask: Ask, history: History) -> None:
    declared = history.lab.folder / "pipelines" / "flights" / "pipeline.py"
    declared.parent.mkdir(parents=True, exist_ok=True)
    declared.touch()
    rows = ask("ls", "pipelines", "-o", "json").json
    assert isinstance(rows, list)
    assert [(row["name"], row["runs"]) for row in rows] == [("test", 4), ("broken", 1), ("flights", 0)]


def test_without_a_store_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, ["ls", "runs"])
    assert isinstance(result.exception, UnfitEnvironment)
    assert result.exception.exit_code == ExitCode.ENVIRONMENT
    assert list(tmp_path.iterdir()) == []


def test_rows_are_chosen_by_terms(ask: Ask, history: History) -> None:
    told = ask("ls", "models", "--where", "state:blessed size>=1", "-o", "json").json
    assert isinstance(told, list)
    assert len(told) == 2
    assert ask("ls", "artifacts", "--where", "type:Model", "--limit", "1").err.startswith("1 of 2 artifacts")
    lines = ask("ls", "runs", "--where", "state:FAILED", "-o", "ndjson").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [history.broken.id]


@pytest.mark.parametrize("what", ["artifacts", "models"])
def test_the_filter_of_the_help_finds_the_blessed_models(ask: Ask, history: History, what: str) -> None:
    shown = WHERE.split("'")[1]
    assert shown in " ".join(ask("ls", "--help").out.split())
    told = ask("ls", what, "--where", shown, "-o", "json").json
    assert isinstance(told, list)
    models = [history.artifact(run, "Train", "model") for run in (history.longer, history.first)]
    assert [row["id"] for row in told] == models
    assert ask("ls", what, "--where", shown.replace("blessed", "not-blessed"), "-o", "json").json == []


def test_pipelines_are_chosen_and_limited_as_all_lists(ask: Ask) -> None:
    told = ask("ls", "pipelines", "--where", "runs>1", "-o", "json").json
    assert isinstance(told, list)
    assert [row["name"] for row in told] == ["test"]
    limited = ask("ls", "pipelines", "--limit", "1", "-o", "ndjson")
    assert len(limited.out.splitlines()) == 1
    assert limited.err.startswith("1 of ")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("foo:bar", "no field 'foo'"),
        ("a=b", "no field 'a'"),
        ("stat:LIVE", "Try state"),
        ("state:blesed", "Try blessed"),
        ("type:Modl", "Try Model"),
        ("param.>3", "no field 'param.'"),
        ("size>much", "expected a number"),
    ],
)
def test_a_term_that_nothing_could_fit_is_refused(ask: Ask, where: str, said: str) -> None:
    answered = ask("ls", "artifacts", "--where", where)
    assert (answered.code, said in answered.err) == (2, True), answered.err
