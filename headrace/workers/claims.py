"""Claims: of two runs that want the same key, one works and the other waits.

A lost claim costs work, never correctness.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from headrace.workers.lease import dead_among, this_process


class Claims(Protocol):
    """Where claims are kept: files beside a store in a file, records of the store for every other one."""

    def claimed(self, key: str) -> AbstractContextManager[bool]:
        """Try to claim a key while the block runs; False when a living process holds it."""

    def is_claimed(self, key: str) -> bool:
        """Tell whether a living process holds a key."""

    def is_held_after_watching(self, key: str) -> bool:
        """Tell the same at the first question, which may take seconds: a holder elsewhere is watched."""

    def abandoned_runs(self) -> Sequence[str]:
        """Return the runs whose processes died and that have no lease to tell it."""


@dataclass(frozen=True)
class FileClaims:
    """Claims as files of one folder: `<key>.<n>`, with n above those of dead holders."""

    folder: Path

    @contextmanager
    def claimed(self, key: str) -> Iterator[bool]:
        """Try to claim a key while the block runs; False when a living process holds it."""
        file = self._claim(key)
        try:
            yield file is not None
        finally:
            if file:
                file.unlink(missing_ok=True)

    def is_claimed(self, key: str) -> bool:
        """Tell whether a living process holds a key."""
        held = list(self.folder.glob(f"{key}.*"))
        return len(dead_among(held)) < len(held)

    def is_held_after_watching(self, key: str) -> bool:
        """Tell the same: who asks about files watches already."""
        return self.is_claimed(key)

    def abandoned_runs(self) -> Sequence[str]:
        """Return none: a store in a file has all leases beside it."""
        return ()

    def _claim(self, key: str) -> Path | None:
        held = sorted(self.folder.glob(f"{key}.*"), key=lambda file: int(file.suffix[1:]))
        if len(dead_among(held)) < len(held):
            return None
        number = int(held[-1].suffix[1:]) + 1 if held else 1
        file = self.folder / f"{key}.{number}"
        aside = self.folder / f".{key}.{os.getpid()}.{threading.get_ident()}"
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
