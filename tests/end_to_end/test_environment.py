"""A disk that is full, folders that are read-only, stores that are broken or taken, processes that die."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.project import NODES, TRACEBACK, Project
from tests.end_to_end.test_bad_input import check_recorded, check_said
from tests.end_to_end.test_interrupts import wait_for_executor


@contextmanager
def disk(folder: Path, *options: str) -> Iterator[None]:
    """Mount a small disk of its own on a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"only root can mount a small disk: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, left: int) -> None:
    """Leave so many bytes free on a disk."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    (folder / "ballast").write_bytes(b"x" * (free - left))


def test_a_full_disk(fresh: Project) -> None:
    with disk(fresh.root, "size=64k"):
        fill(fresh.root, 8192)
        said = fresh.headrace("run", "penguins", "--to", "ExampleGen")
        check_said(said, 1, "ExampleGen failed", "No space left on device")
        check_recorded(fresh, "ExampleGen")


def test_a_disk_that_has_no_room_at_all(fresh: Project) -> None:
    with disk(fresh.root, "size=64k"):
        fill(fresh.root, 0)
        said = fresh.headrace("run", "penguins")
        check_said(said, 5, "No space left on device", "; expected ")


def test_a_root_that_is_read_only(fresh: Project) -> None:
    with disk(fresh.root, "size=64k", "ro"):
        said = fresh.headrace("run", "penguins")
        check_said(said, 5, ".headrace/artifacts", "Read-only", "; expected ")


def test_a_metadata_file_that_is_something_else(warm: Project) -> None:
    database = warm.folder / ".headrace" / "metadata.db"
    database.write_bytes(b"not a database, by far" * 1000)
    for verb in (["run", "penguins"], ["plan", "penguins"], ["ls", "runs"]):
        check_said(warm.headrace(*verb), 5, "metadata.db", "; expected ")
    assert database.read_bytes().startswith(b"not a database")


def test_a_metadata_file_that_is_cut_off(warm: Project) -> None:
    database = warm.folder / ".headrace" / "metadata.db"
    for beside in ("metadata.db-wal", "metadata.db-shm"):
        (warm.folder / ".headrace" / beside).unlink(missing_ok=True)
    database.write_bytes(database.read_bytes()[:20_000])
    for verb in (["run", "penguins"], ["plan", "penguins"], ["ls", "runs"]):
        check_said(warm.headrace(*verb), 5, "metadata.db", "; expected ")


@pytest.mark.slow
def test_a_metadata_file_that_another_program_holds(warm: Project) -> None:
    other = sqlite3.connect(warm.folder / ".headrace" / "metadata.db")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        said = warm.headrace("run", "penguins")
    finally:
        other.close()
    check_said(said, 6, "metadata.db", "; expected ")
    assert warm.headrace("run", "penguins").code == 0


@pytest.mark.slow
def test_a_metadata_file_that_another_program_writes_to(warm: Project) -> None:
    other = sqlite3.connect(warm.folder / ".headrace" / "metadata.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        said = warm.headrace("run", "penguins")
    finally:
        other.close()
    check_said(said, 6, "metadata.db", "; expected ")
    assert "RUNNING" not in warm.everywhere()
    assert warm.headrace("run", "penguins").code == 0


def test_an_executor_that_is_killed(fresh: Project) -> None:
    with fresh.start("run", "penguins") as process:
        os.kill(wait_for_executor(process.pid), signal.SIGKILL)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert TRACEBACK not in err
    assert "ExampleGen failed: the executor's process died (killed by SIGKILL" in err
    assert check_recorded(fresh, "ExampleGen").type == "ProcessDied"
    assert fresh.states() == dict.fromkeys(NODES, "SKIPPED") | {"ExampleGen": "FAILED"}
