import json

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.metadata.states import state_of
from headrace.workers.pool import Pool
from tests.cli.conftest import Ask
from tests.conftest import Lab
from tests.lineage.conftest import History, training


def test_all_that_was_made_is_listed(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    answered = ask("impact", rows, "-o", "json")
    told = answered.json
    assert isinstance(told, dict)
    assert told["artifacts"]["Model"] == [history.artifact(history.first, "Train", "model")]
    assert told["models"][0]["marks"]["blessed"] is True
    table = ask("impact", rows)
    assert "blessed" in table.out
    assert table.err == "5 artifacts in 4 runs, 1 model\n"


def test_every_artifact_is_listed_with_its_run_and_node(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    told = [json.loads(line) for line in ask("impact", rows, "-o", "ndjson").out.splitlines()]
    assert all(row["run"] and row["node"] for row in told)
    assert {(row["node"], row["run"]) for row in told} >= {("Judge", history.first.id), ("Train", history.first.id)}
    head = ask("impact", rows).out.splitlines()[0].split()
    assert head[:5] == ["TYPE", "ARTIFACT", "SPAN", "NODE", "RUN"]


@pytest.mark.parametrize(
    "options",
    [["--mark", "tainted"], ["--reason", "x"], ["--mark", "tainted", "--reason", "x", "--unmark"]],
    ids=["without a reason", "without a mark", "both ways"],
)
def test_a_mark_says_why(ask: Ask, options: list[str]) -> None:
    assert ask("impact", "@latest", *options).code == 2


def test_what_is_tainted_is_not_reused(
    tmp_path_factory: pytest.TempPathFactory, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("tainted")
    lab = Lab(folder, pool, project=folder)
    monkeypatch.chdir(folder)
    lab.run(*training(["a", "b"]))
    marked = CliRunner().invoke(group, ["impact", "Source.rows", "--mark", "tainted", "--reason", "wrong labels"])
    assert (marked.exit_code, "marked as tainted" in marked.stderr) == (0, True)
    again = lab.run(*training(["a", "b"])).run
    assert {e.node: state_of(e) for e in lab.store.in_run(again.id)}["Train"] == "COMPLETE"


def test_a_mark_is_taken_back(
    tmp_path_factory: pytest.TempPathFactory, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("untainted")
    lab = Lab(folder, pool, project=folder)
    monkeypatch.chdir(folder)
    lab.run(*training(["a", "b"]))
    for options in (["--mark", "tainted", "--reason", "a mistake"], ["--unmark"]):
        assert CliRunner().invoke(group, ["impact", "Source.rows", *options]).exit_code == 0
    again = lab.run(*training(["a", "b"])).run
    assert {state_of(e) for e in lab.store.in_run(again.id)} == {"CACHED"}
