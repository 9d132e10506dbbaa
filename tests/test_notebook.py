"""A store's history in a notebook: figures and tables, without scripts."""

import pytest

from headrace.errors import UsageError
from headrace.notebook import History, open_history
from tests.conftest import Lab
from tests.parts import Copy, Count, Source

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def history(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> History:
    for text in ("a", EVIL):
        source = Source(texts=[text])
        lab.run(source, copied := Copy(rows=source.rows), Count(rows=copied.copied))
    monkeypatch.chdir(lab.folder)
    return open_history(str(lab.workspace.place.state.database))


def test_a_lineage_shows_itself_as_a_figure(history: History) -> None:
    shown = history.lineage("Counts@latest")._repr_html_()
    assert "<svg" in shown
    assert "<script" not in shown
    assert all(name in shown for name in ("Source", "Copy", "Count"))


def test_a_depth_draws_less(history: History) -> None:
    assert "Source" not in history.lineage("Counts@latest", up=1, down=0)._repr_html_()


def test_tables_take_no_text_for_html(history: History) -> None:
    shown = history.blame("Counts@latest")._repr_html_()
    assert EVIL not in shown
    assert "&lt;img" in shown


def test_two_runs_are_compared(history: History) -> None:
    shown = history.compare("@prev", "@latest")._repr_html_()
    assert "Source" in shown
    with pytest.raises(UsageError, match="two runs, or two artifacts"):
        history.compare("@latest", "Counts@latest")


def test_runs_of_today_are_seen(history: History, lab: Lab) -> None:
    before = history.runs()._repr_html_().count("COMPLETE")
    lab.run(Source(texts=["later"]))
    assert history.runs()._repr_html_().count("COMPLETE") == before + 1
