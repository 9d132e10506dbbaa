"""A secret travels by name: its value is in no record, log, message or error."""

from pathlib import Path

import pytest

from headrace import Secret
from headrace.spec.messages import SECRET, Failed
from tests.conftest import Lab
from tests.parts import Leaking

VALUE = "correct-horse-battery-staple"


@pytest.fixture
def secret_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab whose servers start with the secret in their environment."""
    monkeypatch.setenv("HEADRACE_TEST_PASSWORD", VALUE)
    return Lab(tmp_path)


def files_with(folder: Path, text: str) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [str(file.relative_to(folder)) for file in files if text.encode() in file.read_bytes()]


@pytest.mark.parametrize("how", ["print", "raise"])
def test_a_secret_is_nowhere_on_disk(secret_lab: Lab, how: str) -> None:
    finished = secret_lab.run(Leaking(password=Secret("HEADRACE_TEST_PASSWORD"), how=how))
    execution = finished.executions["Leaking"]
    assert execution.succeeded is (how == "print")
    assert files_with(secret_lab.folder, VALUE) == []
    assert execution.parameters["password"] == {SECRET: "HEADRACE_TEST_PASSWORD"}
    assert VALUE not in repr(finished)
    log = (secret_lab.workspace.place.project / execution.log).read_text(encoding="utf-8")
    assert "the password is ***" in log
    assert "again ***" in log


def test_a_secret_is_in_no_error(secret_lab: Lab) -> None:
    status = (
        secret_lab.run(Leaking(password=Secret("HEADRACE_TEST_PASSWORD"), how="raise")).executions["Leaking"].status
    )
    assert isinstance(status, Failed)
    assert status.message == "refused ***"
    assert "ValueError: refused ***" in status.traceback


def test_another_value_of_a_secret_changes_no_key(secret_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Leaking(password=Secret("HEADRACE_TEST_PASSWORD"), how="")
    assert secret_lab.states(node) == {"Leaking": "COMPLETE"}
    monkeypatch.setenv("HEADRACE_TEST_PASSWORD", "another")
    assert secret_lab.states(node) == {"Leaking": "CACHED"}


@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_a_secret_without_a_value_fails_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("HEADRACE_TEST_PASSWORD", raising=False)
    if value is not None:
        monkeypatch.setenv("HEADRACE_TEST_PASSWORD", value)
    node = Leaking(password=Secret("HEADRACE_TEST_PASSWORD"), how="")
    status = Lab(tmp_path).run(node).executions["Leaking"].status
    assert isinstance(status, Failed)
    assert status.permanent
    said = "not in the environment" if value is None else "empty"
    assert f"the variable HEADRACE_TEST_PASSWORD is {said}; expected the value of Secret" in status.message
