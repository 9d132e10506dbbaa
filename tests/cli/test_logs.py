from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.metadata.records import Complete, Execution, Run, Running
from headrace.testing import workspace_in
from tests.cli.conftest import Ask
from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Misbehaving


@pytest.fixture
def spoken(tmp_path: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run whose node printed something and failed, in the current folder."""
    lab.project = tmp_path
    lab.run(Misbehaving(how="speak", memory=str(tmp_path / "memory")))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("spoken")
def test_prints_what_a_node_printed() -> None:
    result = CliRunner().invoke(group, ["logs", "@latest", "Misbehaving"])
    assert {"through print", "through the number 2"} <= set(result.stdout.splitlines())


@pytest.mark.usefixtures("spoken")
def test_prints_the_last_lines() -> None:
    whole = CliRunner().invoke(group, ["logs"]).stdout.splitlines()
    assert CliRunner().invoke(group, ["logs", "--tail", "1"]).stdout.splitlines() == whole[-1:]
    assert CliRunner().invoke(group, ["logs", "--tail", "0"]).stdout == ""


def test_a_cached_node_shows_the_log_of_the_one_that_stands_for_it(ask: Ask, history: History) -> None:
    answer = ask("logs", history.again.id, "Train")
    assert f"Train was cached: this is the log of {history.first.id}/Train/1" in answer.err


def test_several_logs_have_a_title_each(ask: Ask, history: History) -> None:
    out = ask("logs", history.first.id).out
    assert [line for line in out.splitlines() if line.startswith("==>")] == [
        f"==> {node} (attempt 1, COMPLETE) <==" for node in ("Source", "Judge", "Train", "Bless")
    ]


def test_an_unknown_node_is_refused(ask: Ask) -> None:
    answer = ask("logs", "@latest", "Trian")
    assert answer.code == 4
    assert "Try Train" in answer.err


def test_follows_until_the_node_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace_in(tmp_path, project=tmp_path).store
    store.open_run(Run(id="1", pipeline="p"))
    log = tmp_path / "node.log"
    log.write_text("one\ntwo\n", encoding="utf-8")
    begun = store.begin(
        Execution(pipeline="p", run="1", node="N", component="N", status=Running(), log="node.log", started=1.0)
    )

    def end() -> None:
        log.write_text("one\ntwo\nthree\n", encoding="utf-8")
        store.commit(replace(begun, status=Complete()), {})

    timer = Timer(0.5, end)
    timer.start()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, ["logs", "-f", "--tail", "1"])
    timer.join()
    assert result.stdout == "two\nthree\n"
