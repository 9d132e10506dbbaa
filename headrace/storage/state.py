"""The state folder `.headrace`: where everything that headrace keeps on disk is."""

import json
import os
import shutil
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import ConfigError, UnfitEnvironment

TRASH_DAYS = 7


@dataclass(frozen=True)
class StateFolder:
    """The folders below `.headrace`, and the root of artifacts with the id that a moved project keeps."""

    path: Path
    root: Path

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
    def work(self) -> Path:
        return self.path / "work"

    def run_folder(self, run: str) -> Path:
        return self.runs / run

    def make(self) -> None:
        """Make the folders; raises UnfitEnvironment where that is not possible."""
        try:
            for folder in (self.path, self.root, self.runs, self.claims, self.trash, self.work):
                folder.mkdir(parents=True, exist_ok=True)
            self._probe(self.path)
            self._probe(self.root)
        except OSError as error:
            raise UnfitEnvironment(
                found=f"{self.path} or {self.root} cannot be written ({error.strerror})",
                expected="a folder that this user can write to, on a disk with space",
                do="Change its owner, free space, or set `state` and `root` in configs/local.yaml",
            ) from error

    def _probe(self, folder: Path) -> None:
        probe = folder / f".probe-{os.getpid()}-{uuid.uuid4().hex}"
        probe.write_bytes(b"x")
        probe.unlink()

    def root_id(self) -> str:
        """Return the id of this root: made once, kept when the project moves."""
        file = self.path / "root.json"
        if not file.is_file():
            _write_once(file, json.dumps({"version": 1, "root_id": uuid.uuid4().hex}))
        root_id: str = json.loads(file.read_text(encoding="utf-8"))["root_id"]
        return root_id

    def claim_root(self) -> None:
        """Make the root this state folder's own; raises ConfigError where another one's artifacts are in it.

        Folders are named by the ids of executions, which begin at 1 in every SQLite store.
        """
        mark, mine = self.root / ".root_id", self.root_id()
        if not mark.is_file():
            _write_once(mark, mine)
        if mark.read_text(encoding="utf-8") != mine:
            raise ConfigError(
                found=f"{self.root} holds the artifacts of another store than the one of {self.path}",
                expected="a root of its own for every store in a file",
                do="Set `root` in the configuration to another folder",
            )

    def discard(self, folder: Path) -> None:
        """Move a folder into the trash, where it is kept for 7 days."""
        if folder.exists():
            target = self.trash / f"{int(time.time())}-{folder.parent.name}-{folder.name}-{uuid.uuid4().hex[:8]}"
            with suppress(FileNotFoundError):  # another process that sweeps was first
                shutil.move(str(folder), target)

    def empty_trash(self) -> None:
        """Delete what has been in the trash, or has waited as unfinished work, for longer than 7 days."""
        oldest = time.time() - TRASH_DAYS * 86_400
        for entry in self.trash.iterdir() if self.trash.is_dir() else ():
            stamp = entry.name.partition("-")[0]
            if stamp.isdigit() and int(stamp) < oldest:
                shutil.rmtree(entry, ignore_errors=True)
        for unfinished in self.work.glob("*/*/"):
            with suppress(FileNotFoundError):  # another process that sweeps was first
                is_claimed = any(self.claims.glob(f"{unfinished.name}.*"))  # its key's: somebody works there
                if unfinished.stat().st_mtime < oldest and not is_claimed:
                    shutil.rmtree(unfinished, ignore_errors=True)


def _write_once(file: Path, text: str) -> None:
    """Write a file unless another process was first."""
    aside = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    aside.write_text(text, encoding="utf-8")
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
