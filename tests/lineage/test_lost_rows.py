"""A store whose rows somebody deleted by hand: what is left names what is lost, and no verb ends with a crash."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from headrace.cli.main import group
from tests.lineage.foreign import real_tfx_store

LOST = {
    "execution": (
        "delete from Execution where id = 6; delete from ExecutionProperty where execution_id = 6; "
        "delete from Association where execution_id = 6"
    ),
    "execution with associations": "delete from Execution where id = 6",
    "artifacts with attributions": "delete from Artifact where id in (2, 13)",
}


def without(file: Path, lost: str) -> Path:
    """Write the store of TFX and delete rows of it."""
    with closing(sqlite3.connect(real_tfx_store(file))) as database:
        database.executescript(LOST[lost])
    return file


def ask(file: Path, *command: str) -> Result:
    result = CliRunner().invoke(group, [*command, "--db", str(file)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result


@pytest.mark.parametrize("lost", LOST)
def test_every_verb_reads_what_is_left(tmp_path: Path, lost: str) -> None:
    file = without(tmp_path / "metadata.db", lost)
    for command in (
        "ls runs",
        "ls executions",
        "ls artifacts",
        "show @latest",
        "show artifact:3",
        "show execution:7",
        "lineage artifact:3",
        "lineage artifact:3 --as-of 2999-01-01",
        "lineage artifact:3 -o json",
        "lineage artifact:3 -o svg",
        "lineage artifact:3 -o openlineage",
        "blame artifact:5",
        "impact artifact:1",
        "path artifact:1 artifact:5",
        "diff @prev @latest",
        "why Trainer",
    ):
        ask(file, *command.split())


def test_a_lost_execution_is_a_tombstone_in_the_tree(tmp_path: Path) -> None:
    file = without(tmp_path / "metadata.db", "execution with associations")
    tree = ask(file, "lineage", "artifact:5", "--up", "1").stdout
    assert "Execution execution:6  not in this store" in tree


def test_a_lost_artifact_is_a_tombstone_in_the_tree(tmp_path: Path) -> None:
    file = without(tmp_path / "metadata.db", "artifacts with attributions")
    tree = ask(file, "lineage", "execution:4", "--up", "1").stdout
    assert "Artifact artifact:2  not in this store" in tree


def test_an_execution_names_the_inputs_and_outputs_that_are_lost(tmp_path: Path) -> None:
    file = without(tmp_path / "metadata.db", "artifacts with attributions")
    inputs = ask(file, "show", "execution:4").stdout.partition("inputs")[2].partition("outputs")[0]
    assert "not in this store" in inputs
    outputs = ask(file, "show", "execution:7").stdout.partition("outputs")[2]
    assert "not in this store" in outputs
