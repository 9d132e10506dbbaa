"""Inputs that are kept: filled once by whoever is first, never emptied under their readers."""

import math
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from headrace.storage.inputs import empty, kept

EVERYTHING = math.inf
"""Older than this are all folders, however long ago this module was loaded."""


def fill(folder: Path) -> None:
    (folder / "file").write_text("content", encoding="utf-8")


def test_threads_that_ask_at_once_wait_for_the_first(tmp_path: Path) -> None:
    filled: list[Path] = []
    read: list[str] = []

    def slowly(folder: Path) -> None:
        filled.append(folder)
        fill(folder)

    def ask() -> None:
        with kept(tmp_path / "inputs" / "key", slowly) as folder:
            read.append((folder / "file").read_text(encoding="utf-8"))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(filled), read) == (1, ["content"] * 16)
    assert [*(tmp_path / "inputs").iterdir()] == [tmp_path / "inputs" / "key"]


def test_one_that_cannot_be_filled_is_asked_for_again(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        fill(folder)
        raise ConnectionError

    with pytest.raises(ConnectionError), kept(tmp_path / "key", fail):
        pass
    with kept(tmp_path / "key", fill) as folder:
        assert (folder / "file").read_text(encoding="utf-8") == "content"


def test_what_is_in_use_is_not_emptied(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    with kept(inputs / "key", fill) as folder, kept(inputs / "key", fill):
        empty(inputs, EVERYTHING)
        assert (folder / "file").is_file()
    empty(inputs, EVERYTHING)
    assert [*inputs.iterdir()] == []


def test_what_was_asked_for_lately_stays(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    for key in ("old", "asked"):
        with kept(inputs / key, fill):
            pass
        os.utime(inputs / key, (1.0, 1.0))
    with kept(inputs / "asked", fill):
        pass
    (inputs / ".killed.download").mkdir()
    os.utime(inputs / ".killed.download", (1.0, 1.0))
    empty(inputs, time.time() - 100.0)
    assert [*inputs.iterdir()] == [inputs / "asked"]


def test_what_is_emptied_meanwhile_is_filled_again(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    ended = threading.Event()

    def sweep() -> None:
        while not ended.is_set():
            with suppress(FileNotFoundError):
                os.utime(inputs / "key", (1.0, 1.0))
            empty(inputs, time.time() - 100.0)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(100):
            with kept(inputs / "key", fill) as folder:
                assert (folder / "file").read_text(encoding="utf-8") == "content"
    finally:
        ended.set()
        sweeper.join()
