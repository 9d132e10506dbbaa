"""The OS lock that lets several processes share one SQLite store."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headrace.errors import ConflictError

PATIENCE = 60.0
"""Seconds that a writer waits for the others."""


@contextmanager
def held(file: Path | None, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock file while the block runs; without a file there is nothing to hold.

    Raises ConflictError when another process has held it for all of `patience` seconds.
    """
    if file is None:
        yield
        return
    with file.open("ab") as handle:
        _acquire(handle.fileno(), file, patience)
        try:
            yield
        finally:
            fcntl.flock(handle.fileno(), fcntl.LOCK_UN)


def _acquire(handle: int, file: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    pause = 0.0005
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                break
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
    raise ConflictError(
        found=f"{file} has been held by another process for {patience:.0f} s",
        expected="a metadata store that others leave between two writes",
        do="See who holds it (fuser on that file), or wait and run again",
    )
