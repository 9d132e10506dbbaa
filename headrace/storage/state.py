"""The state folder `.headrace`: where everything that headrace keeps on disk is."""

import json
import shutil
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from headrace.storage.inputs import empty
from headrace.storage.writable import make_writable
from headrace.storage.write_once import write_once

TRASH_DAYS = 7


@dataclass(frozen=True)
class StateFolder:
    """The folders below `.headrace`, and the id of the root of artifacts that a moved project keeps."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "metadata.db"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def claims(self) -> Path:
        return self.path / "claims"

    @property
    def trash(self) -> Path:
        return self.path / "trash"

    @property
    def staging(self) -> Path:
        """Where outputs are staged that go to an object store."""
        return self.path / "staging"

    @property
    def inputs(self) -> Path:
        """Where inputs are kept that come from an object store, by their content digests."""
        return self.path / "inputs"

    @property
    def work(self) -> Path:
        return self.path / "work"

    def run_folder(self, run: str) -> Path:
        return self.runs / run

    def make(self) -> None:
        """Make the folders; raises UnfitEnvironment where that is not possible."""
        make_writable(self.path, self.runs, self.claims, self.trash, self.work, setting="state")

    def root_id(self) -> str:
        """Return the id of the root of a store in a file: made once, kept when the project moves."""
        file = self.path / "root.json"
        if not file.is_file():
            write_once(file, json.dumps({"version": 1, "root_id": uuid.uuid4().hex}))
        root_id: str = json.loads(file.read_text(encoding="utf-8"))["root_id"]
        return root_id

    def discard(self, folder: Path) -> None:
        """Move a folder into the trash, where it is kept for 7 days."""
        if folder.exists():
            target = self.trash / f"{int(time.time())}-{folder.parent.name}-{folder.name}-{uuid.uuid4().hex[:8]}"
            with suppress(FileNotFoundError):  # another process that sweeps was first
                shutil.move(str(folder), target)

    def empty_trash(self) -> None:
        """Delete what was thrown away, left unfinished or last asked for more than 7 days ago."""
        oldest = time.time() - TRASH_DAYS * 86_400
        for entry in self.trash.iterdir() if self.trash.is_dir() else ():
            stamp = entry.name.partition("-")[0]
            if stamp.isdigit() and int(stamp) < oldest:
                shutil.rmtree(entry, ignore_errors=True)
        empty(self.inputs, oldest)
        for staged in self.staging.glob("*/*/"):
            if _last_change(staged) < oldest:
                shutil.rmtree(staged, ignore_errors=True)
        for unfinished in self.work.glob("*/*/"):
            with suppress(FileNotFoundError):  # another process that sweeps was first
                if unfinished.stat().st_mtime < oldest and not self._is_claimed(unfinished.name):
                    shutil.rmtree(unfinished, ignore_errors=True)

    def _is_claimed(self, key: str) -> bool:
        """Tell whether somebody works on a key."""
        return any(self.claims.glob(f"{key}.*"))


def _last_change(folder: Path) -> float:
    """Tell when anything in a folder was last written."""
    with suppress(FileNotFoundError):  # whoever works there goes on
        return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    return time.time()
