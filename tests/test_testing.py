"""The helpers that users test their components with."""

from pathlib import Path

import pytest

from headrace.errors import LaunchError
from headrace.testing import given, run_node
from tests.parts import Copy, Count, Misbehaving, Rows, Train


def rows(folder: Path, *lines: str) -> Rows:
    folder.mkdir()
    made = Rows(folder, {"span": 4})
    made.write(lines)
    return made


def test_a_node_is_run_and_its_result_is_typed(tmp_path: Path) -> None:
    node = Count(rows=given(rows(tmp_path / "given", "a", "b")))
    assert run_node(node, tmp_path / "run")[node.counts].number == 2


def test_a_given_artifact_has_its_properties(tmp_path: Path) -> None:
    node = Train(rows=given(rows(tmp_path / "given", "a")))
    assert run_node(node, tmp_path / "run")[node.model].span == 4


def test_another_content_of_a_given_folder_is_noticed(tmp_path: Path) -> None:
    made = rows(tmp_path / "given", "a")
    node = Copy(rows=given(made))
    assert run_node(node, tmp_path / "run")[node.copied].read() == ["a"]
    made.write(["b"])
    assert run_node(node, tmp_path / "run")[node.copied].read() == ["b"]


def test_a_node_that_failed_has_no_result_and_says_why(tmp_path: Path) -> None:
    node = Misbehaving(how="raise", memory=str(tmp_path / "memory"))
    ran = run_node(node, tmp_path / "run")
    with pytest.raises(LaunchError, match=r"Misbehaving/1 ended as FAILED: ValueError: cannot raise; .*See .*logs"):
        ran[node.made]
