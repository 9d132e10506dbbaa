"""The state folder: made, probed, moved, emptied."""

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from headrace.errors import UnfitEnvironment
from headrace.storage.state import TRASH_DAYS, StateFolder


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / ".headrace")
    folder.make()
    return folder


def test_making_it_twice_changes_nothing(state: StateFolder) -> None:
    before = sorted(state.path.rglob("*"))
    state.make()
    assert sorted(state.path.rglob("*")) == before


def test_the_roots_id_is_made_once_and_moves_with_the_project(state: StateFolder, tmp_path: Path) -> None:
    first = state.root_id()
    assert (first, json.loads((state.path / "root.json").read_text(encoding="utf-8"))["version"]) == (
        state.root_id(),
        1,
    )
    shutil.move(state.path, tmp_path / "moved")
    assert StateFolder(tmp_path / "moved").root_id() == first


def test_processes_that_start_at_once_agree_on_the_roots_id(state: StateFolder) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(state.root_id())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1


def test_what_is_discarded_is_kept_in_the_trash(state: StateFolder) -> None:
    folder = state.path / "artifacts" / "Node" / "7"
    folder.mkdir(parents=True)
    (folder / "file").write_text("content", encoding="utf-8")
    state.discard(folder)
    (kept,) = state.trash.iterdir()
    assert not folder.exists()
    assert (kept / "file").read_text(encoding="utf-8") == "content"
    state.discard(folder)


def test_the_trash_is_emptied_after_its_days(state: StateFolder) -> None:
    now = int(time.time())
    old, new = state.trash / f"{now - TRASH_DAYS * 86_400 - 60}-Node-1", state.trash / f"{now - 60}-Node-2"
    for folder in (old, new):
        folder.mkdir()
    (state.trash / "README").touch()
    state.empty_trash()
    assert sorted(state.trash.iterdir()) == sorted([new, state.trash / "README"])


def test_two_sweepers_that_discard_one_folder_do_not_fail(state: StateFolder) -> None:
    folders = [state.path / "artifacts" / "Node" / str(number) for number in range(60)]
    for folder in folders:
        folder.mkdir(parents=True)
    errors: list[Exception] = []

    def discard() -> None:
        try:
            for folder in folders:
                state.discard(folder)
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=discard) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [folder for folder in folders if folder.exists()] == []


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    state = StateFolder(tmp_path / "file" / ".headrace")
    with pytest.raises(UnfitEnvironment, match=r"cannot be written .*Change its owner, free space"):
        state.make()


def test_unfinished_work_is_kept_for_as_long_as_trash(state: StateFolder) -> None:
    old, young, claimed = (state.work / "Tuner" / name for name in ("old", "young", "claimed"))
    for folder in (old, young, claimed):
        folder.mkdir(parents=True)
    then = time.time() - (TRASH_DAYS + 1) * 86_400
    for folder in (old, claimed):
        os.utime(folder, (then, then))
    (state.claims / "claimed.1").touch()
    state.empty_trash()
    assert {*(state.work / "Tuner").iterdir()} == {young, claimed}
