"""`--root`: TFX keeps its database and what its pipelines made in folders beside each other."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import UsageError
from tests.ui.tfx_store import RUNS, TfxStore, write_tfx_store


@pytest.fixture
def store(tmp_path: Path) -> TfxStore:
    """Write a store with payloads, and move its database into a folder of its own."""
    (tmp_path / "made").mkdir()
    (tmp_path / "metadata").mkdir()
    written = write_tfx_store(tmp_path / "made")
    written.file = written.file.rename(tmp_path / "metadata" / "metadata.db")
    return written


def ask(*command: str) -> str:
    return CliRunner().invoke(group, command, catch_exceptions=False).output


def test_show_names_the_folder_that_may_not_be_read(store: TfxStore) -> None:
    command = ["show", "ExampleStatistics@latest", "--db", str(store.file)]
    advice = f"its files are outside the folders that may be read: add --root {store.root}"
    assert f"payload  {advice}\n" in ask(*command)
    told = ask(*command, "--root", str(store.root))
    assert "add --root" not in told
    assert "rows: 20 eval, 80 train" in told


def test_diff_compares_statistics_below_a_root(store: TfxStore) -> None:
    command = ["diff", *RUNS, "--db", str(store.file)]
    assert f"may be read: add --root {store.root}" in ask(*command)
    assert "no preview that can be read" not in ask(*command, "--root", str(store.root))


def test_what_is_gone_is_not_said_to_be_outside(store: TfxStore) -> None:
    shutil.rmtree(store.root)
    told = ask("show", "ExampleStatistics@latest", "--db", str(store.file))
    assert "payload  gone: nothing is at this path" in told


def test_a_root_is_a_folder_of_another_store(store: TfxStore) -> None:
    with pytest.raises(UsageError, match="expected a folder"):
        ask("ls", "runs", "--db", str(store.file), "--root", str(store.file))
    with pytest.raises(UsageError, match="--root without --db"):
        ask("ls", "runs", "--root", str(store.root))
