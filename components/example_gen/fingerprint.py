"""The digest of a source: of its bytes, remembered by (path, size, time, inode), or of its names, sizes and times."""

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from os import stat_result
from pathlib import Path

from headrace.errors import DataError

MEMO = Path(".headrace/work/source_digests")
SETTLED_SECONDS = 2.0
"""A file changed more recently may change again without its time showing it: its digest is not remembered."""


def digest_by_content(files: Sequence[Path], memo: Path = MEMO) -> str:
    """Digest the bytes and endings of files, in their order; their names and times do not count."""
    lines = (f"{file.suffix}:{_content_of(file, memo)}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def digest_by_stat(files: Sequence[Path]) -> str:
    """Digest names, sizes and times of files, without reading them."""
    found = ((file, _stat(file)) for file in files)
    lines = (f"{file.name}:{stat.st_size}:{stat.st_mtime_ns}\n" for file, stat in found)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _content_of(file: Path, memo: Path) -> str:
    stat = _stat(file)
    path = str(file.resolve())
    identity = [path, stat.st_size, stat.st_mtime_ns, stat.st_ino]
    note = memo / f"{hashlib.sha256(path.encode()).hexdigest()}.json"
    with suppress(OSError, ValueError, KeyError):
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["identity"] == identity:
            return str(known["sha256"])
    digest = _sha256(file)
    if time.time() - stat.st_mtime > SETTLED_SECONDS:
        _remember(note, {"identity": identity, "sha256": digest})
    return digest


def _stat(file: Path) -> stat_result:
    try:
        return file.stat()
    except OSError as error:
        raise _unreadable(file, error) from error


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> DataError:
    return DataError(
        found=f"{file}: {error.strerror}",
        expected="a file that this user can read",
        do="Correct its permissions or path",
    )


def _remember(note: Path, known: dict[str, object]) -> None:
    """Write a note in one step; a memo that cannot be written costs time, nothing else."""
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        aside = note.with_suffix(f".{time.monotonic_ns()}")
        aside.write_text(json.dumps(known), encoding="utf-8")
        aside.replace(note)
