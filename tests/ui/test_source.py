"""A store whose file is moved away, or replaced, while its page is open."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from headrace.ui.opened import of_database
from tests.lineage.foreign import real_tfx_store, tfx_store
from tests.ui.conftest import Served, serving


@pytest.fixture(params=["rollback", "ahead"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """Serve a store, as TFX leaves it and with a write-ahead log, which is read from a copy."""
    file = tfx_store(tmp_path / "metadata.db")
    if request.param == "ahead":
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA journal_mode=WAL")
    with ExitStack() as stack, serving(of_database(str(file), (), stack)) as served:
        yield served


def meta(page: Served) -> Any:
    page.shown.forget()
    return page.get("/api/meta")


def test_a_store_that_is_moved_away_is_shown_as_it_was_and_the_page_says_so(page: Served, tmp_path: Path) -> None:
    before = meta(page)
    assert before["trouble"] is None
    moved = (tmp_path / "metadata.db").rename(tmp_path / "elsewhere.db")
    gone = meta(page)
    assert gone["trouble"].startswith(f"{tmp_path / 'metadata.db'} is not there any more")
    assert gone["counts"] == before["counts"]
    assert page.get("/api/artifacts/1")["artifact"]["id"] == 1
    moved.rename(tmp_path / "metadata.db")
    assert meta(page)["trouble"] is None


def test_the_file_that_takes_its_place_is_opened(page: Served, tmp_path: Path) -> None:
    assert meta(page)["counts"]["runs"] == 2
    real_tfx_store(tmp_path / "other.db").replace(tmp_path / "metadata.db")
    replaced = meta(page)
    assert (replaced["trouble"], replaced["counts"]["runs"], replaced["counts"]["executions"]) == (None, 4, 34)
    assert page.get("/api/artifacts/45")["artifact"]["id"] == 45


def test_what_is_no_store_in_its_place_is_told_until_there_is_one(page: Served, tmp_path: Path) -> None:
    file, kept = tmp_path / "metadata.db", tmp_path / "kept.db"
    assert meta(page)["counts"]["runs"] == 2
    shutil.copyfile(file, kept)
    (tmp_path / "text.db").write_text("this is no database" * 100, encoding="utf-8")
    (tmp_path / "text.db").replace(file)
    told = meta(page)
    assert "metadata.db" in told["trouble"]
    assert told["counts"]["runs"] == 2
    kept.replace(file)
    assert meta(page)["trouble"] is None
