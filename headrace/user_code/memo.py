"""What was read of source files before: digests and imports, by path, size, times and inode; written by runs.

A file that was touched is read again; what a changed file holds is never taken from here, as no write keeps its ctime.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

VERSION = 1

_file: Path | None = None
_known: dict[str, list[object]] = {}
_is_new = False


def use(file: Path) -> None:
    """Take what another process left in a file, if there is one."""
    global _file, _known  # noqa: PLW0603  one memo a process, as there is one set of files
    _file = file
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["version"] == VERSION:
            _known = {**told["files"], **_known}


def save() -> None:
    """Leave what is known to other processes, whole or not at all; nothing where nothing is new."""
    global _is_new  # noqa: PLW0603  as above
    if _file is None or not _is_new or not _file.parent.is_dir():
        return
    with suppress(OSError):
        aside = _file.with_name(f"{_file.name}.{os.getpid()}")
        aside.write_text(json.dumps({"version": VERSION, "files": dict(_known)}), encoding="utf-8")
        aside.replace(_file)
        _is_new = False


def recall(module: str, path: Path, found: os.stat_result) -> tuple[str, tuple[str, ...]] | None:
    """Return the digest and the imports of a file that has not changed since they were noted."""
    match _known.get(f"{module} {path}"):
        case [stamp, str(digest), [*imports]] if stamp == _stamp(found):
            return digest, tuple(map(str, imports))
        case _:
            return None


def note(module: str, path: Path, found: os.stat_result, digest: str, imports: Sequence[str]) -> None:
    """Keep the digest and the imports of a file."""
    global _is_new  # noqa: PLW0603  as above
    _known[f"{module} {path}"] = [_stamp(found), digest, list(imports)]
    _is_new = True


def _stamp(found: os.stat_result) -> list[int]:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
