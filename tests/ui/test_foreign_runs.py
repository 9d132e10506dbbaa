"""Runs of another program, whose ids may hold anything: served, and exported."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

import headrace.ui.exported
from headrace.errors import UnknownReference
from headrace.ui.export import export
from headrace.ui.exported import quoted
from headrace.ui.opened import of_database
from headrace.ui.shown import Shown
from tests.ui.conftest import serving
from tests.ui.exported_site import told
from tests.ui.tfx_store import write_tfx_store

NIGHTS = ("nightly/2026-11 (3)", "nightly/2026-11 (4)")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A store of TFX's vocabulary in which runs are called like paths."""
    store = write_tfx_store(tmp_path_factory.mktemp("tfx"), NIGHTS)
    with ExitStack() as stack:
        yield of_database(str(store.file), (), stack)


def test_a_run_with_a_slash_is_served(shown: Shown) -> None:
    run = quote(NIGHTS[0], safe="")
    with serving(shown) as page:
        assert page.get(f"/api/runs/{run}")["run"]["id"] == NIGHTS[0]
        assert page.get(f"/api/lineage?focus=run:{run}")["reference"] == NIGHTS[0]
        assert page.get(f"/api/search?q={run}")["matches"][0]["href"] == f"/runs/{run}"
        assert page.get(f"/api/compare?a={run}&b={quote(NIGHTS[1], safe='')}")["first"] == NIGHTS[0]
        assert page.ask(f"/runs/{run}").text.startswith("<!doctype html>")
        assert page.ask(f"/api/runs/{run}/nodes/Trainer/log").status == 404


def test_a_run_with_a_slash_is_exported(shown: Shown, tmp_path: Path) -> None:
    written = export(shown, tmp_path / "site")
    assert written.refused == []
    assert told(tmp_path / "site", f"runs/{quoted(NIGHTS[0])}")["run"]["id"] == NIGHTS[0]
    assert told(tmp_path / "site", "compare", a=NIGHTS[0], b=NIGHTS[1])["second"] == NIGHTS[1]
    assert {file.parent.name for file in (tmp_path / "site" / "data").rglob("*")} == {"data"}


def test_an_answer_that_cannot_be_made_is_left_out_with_its_reason(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    def refuse(*_: object) -> None:
        raise UnknownReference(found="no such run", expected="a run", do="Look again")

    monkeypatch.setattr(headrace.ui.exported, "payload_of", fail)
    monkeypatch.setattr(headrace.ui.exported, "compare_view", refuse)
    written = export(shown, tmp_path / "site")
    assert "artifacts_1.js: OSError: the disk is gone" in written.refused
    assert any(said.endswith(": no such run") for said in written.refused)
    assert told(tmp_path / "site", "artifacts/1")["error"]["found"] == "OSError: the disk is gone"
    assert told(tmp_path / "site", f"runs/{quoted(NIGHTS[0])}")["run"]["id"] == NIGHTS[0]
