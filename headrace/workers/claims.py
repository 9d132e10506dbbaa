"""Claims: of two runs that want the same key, one works and the other waits.

A lost claim costs work, never correctness.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from headrace.workers.lease import dead_among, this_process


@contextmanager
def claimed(folder: Path, key: str) -> Iterator[bool]:
    """Try to claim a key while the block runs; False when a living process holds it."""
    file = _claim(folder, key)
    try:
        yield file is not None
    finally:
        if file:
            file.unlink(missing_ok=True)


def is_claimed(folder: Path, key: str) -> bool:
    """Tell whether a living process holds a key."""
    held = list(folder.glob(f"{key}.*"))
    return len(dead_among(held)) < len(held)


def _claim(folder: Path, key: str) -> Path | None:
    """Make the record `<key>.<n>` with n above those of dead holders."""
    held = sorted(folder.glob(f"{key}.*"), key=lambda file: int(file.suffix[1:]))
    if len(dead_among(held)) < len(held):
        return None
    number = int(held[-1].suffix[1:]) + 1 if held else 1
    file = folder / f"{key}.{number}"
    aside = folder / f".{key}.{os.getpid()}.{threading.get_ident()}"
    aside.write_text(json.dumps(asdict(this_process())), encoding="utf-8")
    try:
        os.link(aside, file)
    except FileExistsError:
        return None
    finally:
        aside.unlink()
    for dead in held:
        dead.unlink(missing_ok=True)
    return file
