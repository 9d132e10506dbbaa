"""Blessings and evaluations on disk."""

from pathlib import Path

import pytest

from headrace.artifacts.evaluation import Check, ModelBlessing, ModelEvaluation, plain
from headrace.errors import DataError


@pytest.mark.parametrize(("refusals", "mark"), [([], "BLESSED"), (["auc of overall: 0.4"], "NOT_BLESSED")])
def test_a_blessing_is_marked_as_tfx_marks_it(tmp_path: Path, refusals: list[str], mark: str) -> None:
    blessing = ModelBlessing(tmp_path)
    blessing.write(refusals)
    assert [file.name for file in tmp_path.iterdir()] == [mark]
    assert (blessing.read(), blessing.refusals) == (not refusals, refusals)


def test_a_blessing_without_a_mark_or_with_both_is_refused(tmp_path: Path) -> None:
    blessing = ModelBlessing(tmp_path)
    with pytest.raises(DataError, match="holds neither mark"):
        blessing.read()
    for mark in ("BLESSED", "NOT_BLESSED"):
        (tmp_path / mark).touch()
    with pytest.raises(DataError, match="expected one file, BLESSED or NOT_BLESSED"):
        blessing.read()


def test_an_evaluation_is_read_as_it_was_written(tmp_path: Path) -> None:
    evaluation = ModelEvaluation(tmp_path)
    check = Check(slice="overall", metric="auc", rule="at least 0.5", value=None, verdict="no data")
    evaluation.write({"version": 1, "checks": plain([check])})
    assert evaluation.read() == {"version": 1, "checks": plain([check])}
