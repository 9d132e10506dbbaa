"""`headrace doctor`."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from headrace.cli.main import group
from headrace.errors import ExitCode


def call(*options: str) -> Result:
    return CliRunner().invoke(group, ["doctor", "-o", "json", *options], standalone_mode=False)


def test_a_machine_that_fits_and_has_no_store_yet_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = call()
    assert said.return_value == ExitCode.OK
    assert {row["ok"] for row in json.loads(said.stdout)} == {"yes"}
    assert [*tmp_path.iterdir()] == []


def test_a_store_that_is_none_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".headrace").mkdir()
    (tmp_path / ".headrace" / "metadata.db").write_bytes(b"no store" * 200)
    said = call()
    assert said.return_value == ExitCode.ENVIRONMENT
    (bad,) = [row for row in json.loads(said.stdout) if row["ok"] == "NO"]
    assert bad["check"] == "store"
    assert "mv " in bad["what to do"]


def test_a_root_whose_client_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    monkeypatch.setenv("HEADRACE_ROOT", "gs://bucket/artifacts")
    said = call()
    (bad,) = [row for row in json.loads(said.stdout) if row["ok"] == "NO"]
    assert (said.return_value, bad["check"], bad["what to do"]) == (
        ExitCode.ENVIRONMENT,
        "root",
        "pip install 'headrace[gs]'",
    )
