"""Whether a store in a file was written to: by the times and sizes of the file and of its log."""

import time
from dataclasses import dataclass

from headrace.metadata.open_store import Connection
from headrace.metadata.outline_of_file import check_readable
from headrace.metadata.sqlite_file import file_of

SETTLED = 2.0
"""Seconds after a write, for which another one may leave the same time and size."""


@dataclass(frozen=True)
class Stamp:
    """A file and its log as they were at a moment; `is_settled` where no later write can look the same."""

    files: tuple[tuple[int, int], ...]
    is_settled: bool


def check_unlocked(connection: Connection) -> None:
    """Find out at once whether a store in a file can be read: ML Metadata tries for half a minute.

    Raises ConflictError, UnfitEnvironment.
    """
    if file := file_of(connection):
        check_readable(file, file)


def stamp_of(connection: Connection) -> Stamp | None:
    """Look at the file of a store; None for a server's, or where there is none."""
    file = file_of(connection)
    if file is None:
        return None
    found: list[tuple[int, int]] = []
    for each in (file, file.with_name(f"{file.name}-wal")):
        try:
            state = each.stat()
        except OSError:
            found.append((0, 0))
        else:
            found.append((state.st_mtime_ns, state.st_size))
    return Stamp(tuple(found), time.time() - max(written for written, _ in found) / 1e9 > SETTLED)


def is_unchanged(before: Stamp | None, after: Stamp | None) -> bool:
    """Tell whether nothing was written between two looks; where that is not sure, it was."""
    return before is not None and after is not None and before.is_settled and before.files == after.files
