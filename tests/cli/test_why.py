from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from tests.cli.conftest import Ask
from tests.conftest import Lab
from tests.lineage.conftest import History, training
from tests.lineage.foreign import tfx_store


def test_names_the_part_that_changed_old_and_new(ask: Ask, history: History) -> None:
    out = ask("why", "Source").out.splitlines()
    assert out[0] == f"Source in {history.longer.id}: COMPLETE; it ran because"
    assert out[1].startswith("  parameter texts: ")
    assert " -> " in out[1]
    assert f"({history.spaced.id}/Source/1)" in out[-1]


def test_a_first_run_says_so(ask: Ask, history: History) -> None:
    assert "  it has not run before\n" in ask("why", "Train", "--run", history.first.id).out


def test_a_cached_node_names_what_stands_for_it(ask: Ask, history: History) -> None:
    earlier = history.execution(history.first, "Train")
    out = ask("why", f"{history.spaced.id}/Train").out
    assert out == (
        f"Train in {history.spaced.id}: CACHED, nothing in its key changed; "
        f"execution:{earlier.id} ({earlier.name}) stands for it\n"
    )


def test_a_failure_shows_its_error_and_how_to_go_on(ask: Ask, history: History) -> None:
    out = ask("why", "Misbehaving", "--run", "broken@latest").out
    assert "ValueError: cannot go on" in out
    assert f"headrace run --resume {history.broken.id}" in out


def test_json_holds_the_same(ask: Ask, history: History) -> None:
    told = ask("why", "Bless", "-o", "json").json
    assert isinstance(told, dict)
    assert (told["version"], told["state"], told["before"]) == (
        1,
        "COMPLETE",
        history.execution(history.spaced, "Bless").id,
    )
    assert {str(line).partition(":")[0] for line in told["changed"]} == {"input baseline[0]", "input model[0]"}


def test_a_node_is_named_as_in_every_verb(ask: Ask, history: History) -> None:
    train = history.execution(history.longer, "Train")
    wanted = f"Train in {history.longer.id}: COMPLETE"
    for reference in ("Train", "@latest/Train", f"{history.longer.id}/Train/1", f"execution:{train.id}", "Train.model"):
        assert ask("why", reference).out.startswith(wanted), reference


def test_a_run_is_no_node(ask: Ask) -> None:
    answer = ask("why", "@latest")
    assert (answer.code, "as RUN/NODE or execution:N" in answer.err) == (2, True)


def test_another_store_is_read_by_its_file(ask: Ask, history: History) -> None:
    told = ask("why", "Train").out
    assert ask("why", "Train", "--db", str(history.lab.folder / ".headrace" / "metadata.db")).out == told


def test_a_store_without_keys_says_so(tmp_path: Path, ask: Ask) -> None:
    file = str(tfx_store(tmp_path / "metadata.db"))
    told = ask("why", "2021-01-01/Trainer", "--db", file)
    assert told.out == "Trainer in 2021-01-01: COMPLETE; its store keeps no cache key\n  it has not run before\n"
    failed = ask("why", "2021-01-02/Trainer", "--db", file)
    assert (failed.code, "--resume" in failed.out) == (0, False)


def test_an_unknown_node_is_refused(ask: Ask) -> None:
    answer = ask("why", "Trian")
    assert answer.code == 4
    assert "Try Train" in answer.err


def test_a_blocked_node_names_its_gate(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = lab.run(*training(["a"], least=2)).run
    monkeypatch.chdir(tmp_path)
    out = CliRunner().invoke(group, ["why", "Train"]).stdout
    assert out == f"Train in {blocked.id}: BLOCKED by Judge; what it found: headrace show {blocked.id}/Judge\n"
