import shutil

import pytest
from click.testing import CliRunner

from headrace.cli.failure import folded
from headrace.cli.main import group
from headrace.workers.pool import Pool
from tests.cli.conftest import Ask
from tests.conftest import Lab
from tests.lineage.conftest import History, training


def test_shows_a_run(ask: Ask, history: History) -> None:
    facts = ask("show", history.first.id, "-o", "json").json
    assert isinstance(facts, dict)
    assert (facts["version"], facts["kind"], facts["state"]) == (1, "run", "COMPLETE")
    assert [row["node"] for row in facts["executions"]] == ["Source", "Judge", "Train", "Bless"]
    text = ask("show", history.first.id).out
    assert f"run {history.first.id}  test  COMPLETE in " in text
    assert "NODE" in text


def test_shows_an_execution_with_its_inputs_parameters_and_key(ask: Ask, history: History) -> None:
    text = ask("show", f"{history.longer.id}/Bless").out
    for part in (
        "component    Bless",
        "latest_blessed",
        "least  0.0",
        "cache key",
        "parameter least",
        "logs/Bless.1.log",
    ):
        assert part in text


def test_shows_an_error_with_the_users_frame_first(ask: Ask) -> None:
    head, frame, message, *rest = ask("show", "broken@latest/Misbehaving").out.splitlines()
    assert head.startswith("execution:1  Misbehaving  FAILED")
    assert "tests/parts.py:" in frame
    assert message == "  ValueError: cannot go on"
    assert any("frames of libraries" in line for line in rest)
    assert not any("headrace/workers" in line for line in rest)


def test_shows_which_execution_stands_for_a_cached_one(ask: Ask, history: History) -> None:
    earlier = history.execution(history.first, "Train").id
    assert f"stands for it  execution:{earlier}" in ask("show", f"{history.again.id}/Train").out


def test_shows_an_artifact_with_who_made_reused_and_read_it(ask: Ask, history: History) -> None:
    facts = ask("show", "@prev/Train.model", "-o", "json").json
    assert isinstance(facts, dict)
    assert [row["run"] for row in facts["made_by"]] == [history.first.id]
    assert [row["run"] for row in facts["reused_by"]] == [history.again.id, history.spaced.id]
    assert {row["node"] for row in facts["read_by"]} == {"Bless"}
    assert facts["properties"] == {"span": 1, "quality": 2.0}
    assert facts["blessed"] is True
    text = ask("show", "@prev/Train.model").out
    assert "reused by 2 cached executions" in text
    assert "blessed  yes" in text


def test_a_path_is_shown_whole_and_what_is_gone_has_a_line(
    tmp_path_factory: pytest.TempPathFactory, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("a_folder_with_a_name_that_is_so_long_that_no_line_of_eighty_letters_can_hold_it")
    lab = Lab(folder, pool, project=folder)
    lab.run(*training(["a", "b"]))
    monkeypatch.chdir(folder)
    model = next(e for e in lab.store.in_run(lab.store.runs()[0].id) if e.node == "Train").outputs["model"][0]
    assert "payload" not in CliRunner().invoke(group, ["show", "Train.model"]).stdout
    shutil.rmtree(model.path)
    lines = CliRunner().invoke(group, ["show", f"artifact:{model.id}"]).stdout.splitlines()
    assert f"  path     {model.path}" in lines
    assert "  payload  gone: nothing is at this path; what is recorded of it stays" in lines


def test_an_unknown_reference_has_its_exit_code(ask: Ask) -> None:
    answer = ask("show", "Trian")
    assert answer.code == 4
    assert "Try Train" in answer.err


def test_frames_of_libraries_are_folded() -> None:
    traceback = "\n".join(
        [
            "Traceback (most recent call last):",
            '  File "/x/site-packages/beam.py", line 1, in run',
            "    run()",
            '  File "/project/features.py", line 7, in features',
            "    1 / 0",
            "ZeroDivisionError: division by zero",
        ]
    )
    assert folded(traceback) == [
        "Traceback (most recent call last):",
        "  (1 frames of libraries)",
        '  File "/project/features.py", line 7, in features',
        "    1 / 0",
        "ZeroDivisionError: division by zero",
    ]


def test_names_of_parameters_and_properties_are_sorted(ask: Ask) -> None:
    for reference, part in (("Source", "parameters"), ("Source.rows", "properties")):
        told = ask("show", reference, "-o", "json").json
        assert isinstance(told, dict)
        assert list(told[part]) == sorted(told[part])
