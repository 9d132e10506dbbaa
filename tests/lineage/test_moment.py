"""The graph as it was at a moment."""

import time
from pathlib import Path

import pytest

from headrace.errors import UnknownReference
from headrace.lineage.moment import as_of, at, found_at
from headrace.lineage.reference import resolve
from tests.lineage.conftest import History


def test_what_was_recorded_later_is_left_out(history: History) -> None:
    snapshot = history.snapshot()
    train = history.execution(history.first, "Train")
    then = at(snapshot, snapshot.by_execution[train.id].created)
    assert [run.id for run in then.runs()] == [history.first.id, history.broken.id]
    assert max(then.by_execution) == train.id
    assert at(snapshot, time.time()).by_artifact == snapshot.by_artifact


def test_what_was_recorded_later_is_told(history: History) -> None:
    whole = history.snapshot()
    for text in ("@latest", "Model@latest", f"artifact:{max(whole.by_artifact)}"):
        with pytest.raises(UnknownReference, match=f"{text}, which was recorded later: 20"):
            found_at(resolve, text, whole, at(whole, 1.0), Path("/"))
    with pytest.raises(UnknownReference, match="nothing is called"):
        found_at(resolve, "Nope", whole, at(whole, 1.0), Path("/"))


def test_a_day_counts_to_its_end() -> None:
    assert time.strftime("%d %H:%M:%S", time.localtime(as_of("2026-11-24"))) == "24 23:59:59"
    assert time.strftime("%d %H:%M:%S", time.localtime(as_of("2026-12-31"))) == "31 23:59:59"
    assert time.strftime("%H:%M:%S", time.localtime(as_of("2026-11-24T10:30"))) == "10:30:00"
