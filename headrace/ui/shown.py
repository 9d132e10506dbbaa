"""What a page is shown: an open store, the folders whose files it may give away, and its newest snapshot."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headrace.lineage.load import load, refresh
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.orchestrators.workspace import Place, Workspace

REFRESH = 1.0
"""Seconds for which a snapshot is taken for the present."""


@dataclass
class Shown:
    """A store as the page shows it; threads share it.

    `place` is None for another program's store; `folders` are the known roots: only files below them are read or
    given away. `writable` opens the same store for writing, where the page may mark artifacts.
    """

    name: str
    address: str
    catalogue: Catalogue
    folders: Sequence[Path]
    place: Place | None = None
    writable: Callable[[], Workspace] | None = None
    _snapshot: Snapshot | None = field(default=None, init=False, repr=False)
    _taken: float = field(default=0.0, init=False, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    refreshed: float = field(default=0.0, init=False)

    def snapshot(self) -> Snapshot:
        """Return the store as it is, or was less than a second ago."""
        with self._guard:
            if self._snapshot is None:
                self._snapshot = load(self.catalogue)
            elif time.monotonic() - self._taken < REFRESH:
                return self._snapshot
            else:
                self._snapshot = refresh(self._snapshot)
            self._taken, self.refreshed = time.monotonic(), time.time()
            return self._snapshot

    def forget(self) -> None:
        """Read the store again for the next answer."""
        with self._guard:
            self._taken = 0.0

    def run_folder(self, run: str) -> Path | None:
        """Say where a run of this machine keeps its events and logs; None where that is not known."""
        if self.place is None or not run or "/" in run or run.startswith("."):
            return None
        folder = self.place.state.run_folder(run)
        return folder if folder.is_dir() else None
