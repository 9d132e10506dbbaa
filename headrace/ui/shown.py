"""What a page is shown: an open store, the folders whose files it may give away, and its newest snapshot."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from headrace.errors import HeadraceError
from headrace.lineage.label import Labels, labels_of
from headrace.lineage.load import load, refresh
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.orchestrators.workspace import Place, Workspace
from headrace.ui.planned import Plan, plan_in
from headrace.ui.previews import Previews
from headrace.ui.source import Source
from headrace.ui.stamp import Stamp, check_unlocked, is_unchanged, stamp_of
from headrace.ui.views.meta import Store

REFRESH = 1.0
"""Seconds for which a snapshot is taken for the present."""


@dataclass
class Shown:
    """A store as the page shows it; threads share it.

    `place` is None for another program's store, `source` for one that is in no file. `folders` are the known roots:
    only files below them are read or given away. `writable` opens the same store for writing, where the page may mark
    artifacts. `is_ending` tells streams that the server is about to end.
    """

    name: str
    address: str
    catalogue: Catalogue
    folders: Sequence[Path]
    place: Place | None = None
    source: Source | None = None
    writable: Callable[[], Workspace] | None = None
    is_ending: Callable[[], bool] = field(default=lambda: False, init=False, repr=False)
    refreshed: float = field(default=0.0, init=False)
    trouble: str = field(default="", init=False)
    _snapshot: Snapshot | None = field(default=None, init=False, repr=False)
    _labels: Labels | None = field(default=None, init=False, repr=False)
    _stamp: Stamp | None = field(default=None, init=False, repr=False)
    _taken: float = field(default=0.0, init=False, repr=False)
    _plans: dict[str, tuple[float, Plan | None]] = field(default_factory=dict, init=False, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def store(self) -> Store:
        """What is known of the store beside what is in it."""
        return Store(
            name=self.name,
            address=self.address,
            is_own=self.place is not None,
            can_taint=self.writable is not None,
            refreshed=self.refreshed,
            trouble=self.trouble,
        )

    @property
    def here(self) -> Path:
        """The folder that paths in references are relative to."""
        return self.place.project if self.place else Path(self.catalogue.store.root.address)

    @cached_property
    def previews(self) -> Previews:
        return Previews(self.catalogue.store.root, self.folders)

    def snapshot(self) -> Snapshot:
        """Return the store as it is, or was less than a second ago; an older one where it cannot be read, with why."""
        with self._guard:
            if self._snapshot and time.monotonic() - self._taken < REFRESH:
                return self._snapshot
            if self._snapshot is None:
                stamp = stamp_of(self.catalogue.store.connection)
                self._snapshot = load(self.catalogue)
            else:
                self._snapshot, stamp = self._refreshed(self._snapshot)
            self._taken, self._stamp = time.monotonic(), None if self.trouble else stamp
            if not self.trouble:
                self.refreshed = time.time()
            return self._snapshot

    def labels(self) -> Labels:
        """Return the snapshot with what was decided about its models."""
        snapshot = self.snapshot()
        known = self._labels
        if known is None or known.snapshot is not snapshot:
            known = self._labels = labels_of(snapshot)
        return known

    def _refreshed(self, snapshot: Snapshot) -> tuple[Snapshot, Stamp | None]:
        """Read what changed, or all of the file that took the store's place; return also how the file was before."""
        try:
            if self.source and (catalogue := self.source.newer()):
                self.catalogue, snapshot = catalogue, load(catalogue)
            stamp = stamp_of(self.catalogue.store.connection)
            if self.trouble or not is_unchanged(self._stamp, stamp):
                check_unlocked(self.catalogue.store.connection)
                snapshot = refresh(snapshot)
        except HeadraceError as error:
            self.trouble = str(error)
            return snapshot, None
        self.trouble = ""
        return snapshot, stamp

    def forget(self) -> None:
        """Read the store again for the next answer."""
        with self._guard:
            self._taken, self._stamp = 0.0, None

    def run_folder(self, run: str) -> Path | None:
        """Say where a run of this machine keeps its events and logs; None where that is not known."""
        if self.place is None or not run or "/" in run or run.startswith("."):
            return None
        folder = self.place.state.run_folder(run)
        return folder if folder.is_dir() else None

    def planned(self, snapshot: Snapshot) -> dict[str, int]:
        """Tell how many nodes the runs have that go on on this machine."""
        going = [run for run in snapshot.runs() if run.state == "RUNNING"]
        plans = [(run, self.plan(run.id)) for run in going]
        return {run.id: len(run.selected) or len(plan.components) for run, plan in plans if plan}

    def plan(self, run: str) -> Plan | None:
        """Return the plan of a run of this machine, read again where it was written again."""
        folder = self.run_folder(run)
        file = folder / "spec.json" if folder else None
        if file is None or not file.is_file():
            return None
        written = file.stat().st_mtime
        known = self._plans.get(run)
        if known is None or known[0] != written:
            known = self._plans[run] = (written, plan_in(folder))
        return known[1]
