"""Inputs from an object store, kept as folders on this machine: filled once, emptied when nobody uses them."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def kept(folder: Path, fill: Callable[[Path], None]) -> Iterator[Path]:
    """Have a folder that whoever asks first fills; nobody empties it while the block runs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    while True:
        _fill_once(folder, fill)
        handle = _hold(folder, fcntl.LOCK_SH)
        if handle is not None:
            break
    try:
        os.utime(folder)
        yield folder
    finally:
        os.close(handle)


def empty(inputs: Path, oldest: float) -> None:
    """Delete the folders that nobody uses, and nobody has asked for since a time."""
    for folder in inputs.iterdir() if inputs.is_dir() else ():
        with suppress(FileNotFoundError):  # another process that empties was first
            if folder.stat().st_mtime >= oldest:
                continue
            if not folder.is_dir():
                folder.unlink()
                continue
            handle = _hold(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if handle is not None:
                aside = folder.rename(folder.with_name(_aside(folder)))
                os.close(handle)
                shutil.rmtree(aside, ignore_errors=True)


def _fill_once(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder aside and rename it, while others that want the same wait."""
    if folder.is_dir():
        return
    lock, aside = folder.with_name(f"{folder.name}.lock"), folder.with_name(_aside(folder))
    with lock.open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        try:
            if not folder.is_dir():
                aside.mkdir()
                fill(aside)
                aside.rename(folder)
            lock.unlink(missing_ok=True)  # who waits for it finds the folder
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _aside(folder: Path) -> str:
    return f".{folder.name}.{uuid.uuid4().hex}"


def _hold(folder: Path, how: int) -> int | None:
    """Lock a folder; None where it is gone, or somebody else uses it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    with suppress(BlockingIOError, FileNotFoundError):
        fcntl.flock(handle, how)
        if os.path.samestat(os.fstat(handle), folder.stat()):  # or it was emptied between the two
            return handle
    os.close(handle)
    return None
