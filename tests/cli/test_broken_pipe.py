"""What a verb does when whoever reads it has read enough, as `head` does."""

import os
import subprocess
import sys

import pytest

from tests.lineage.conftest import History

CALL = [sys.executable, "-m", "headrace.cli.main"]


def unread(history: History, *arguments: str, talk_too: bool = False) -> subprocess.CompletedProcess[str]:
    """Call a verb whose output goes into a pipe that is closed at its other end."""
    reads, writes = os.pipe()
    os.close(reads)
    talk = writes if talk_too else subprocess.PIPE
    try:
        return subprocess.run(
            [*CALL, *arguments], cwd=history.lab.folder, stdout=writes, stderr=talk, text=True, check=False
        )
    finally:
        os.close(writes)


@pytest.mark.parametrize(
    "verb",
    [
        "lineage Train.model -o json",
        "lineage Train.model",
        "ls runs -o json",
        "show @latest -o json",
        "lineage Train.model -o svg",
        "--help",
    ],
)
def test_a_verb_that_nobody_reads_ends_well_and_quietly(verb: str, history: History) -> None:
    done = unread(history, *verb.split())
    assert (done.returncode, done.stderr) == (0, "")


def test_so_does_one_whose_talk_goes_the_same_way(history: History) -> None:
    assert unread(history, "lineage", "Train.model", "--up", "1", talk_too=True).returncode == 0


def test_a_refusal_keeps_its_code(history: History) -> None:
    done = unread(history, "show", "Trian")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
