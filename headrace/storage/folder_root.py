"""A root of artifacts in a folder: on this machine's disk, or on a volume that several machines mount."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import MissingFile, UnreachableRoot
from headrace.storage.staging import Staging, defect, preview_file
from headrace.storage.state import StateFolder
from headrace.storage.writable import make_writable
from headrace.storage.write_once import write_once


@dataclass(frozen=True)
class FolderRoot:
    """A folder of artifacts; staging is beside the final place, so publishing is one rename."""

    folder: Path

    @property
    def address(self) -> str:
        return str(self.folder)

    def make(self) -> None:
        """Make the folder; raises UnfitEnvironment where that is not possible."""
        make_writable(self.folder, setting="root")

    def read_id(self) -> str:
        mark = self.folder / ".root_id"
        return mark.read_text(encoding="utf-8").strip() if mark.is_file() else ""

    def claim(self, mine: str) -> str:
        if not self.read_id():
            write_once(self.folder / ".root_id", mine)
        return self.read_id()

    def location(self, relative: str) -> str:
        return str(self.folder / relative)

    def relative(self, location: str) -> str:
        path = Path(location)
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else ""

    def read(self, relative: str) -> bytes:
        try:
            return (self.folder / relative).read_bytes()
        except OSError as error:
            kind = MissingFile if isinstance(error, FileNotFoundError) else UnreachableRoot
            raise kind(
                found=f"{self.folder / relative} cannot be read ({error.strerror})",
                expected="a file of this root",
                do="Check that the volume is mounted, and `root` in the configuration",
            ) from error

    def write(self, relative: str, content: bytes) -> None:
        file = self.folder / relative
        aside = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content)
            aside.replace(file)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise UnreachableRoot(
                found=f"{file} cannot be written ({error.strerror})",
                expected="a root that this user can write to, on a disk with space",
                do="Change its owner, free space, or correct `root` in the configuration",
            ) from error

    def staging(self, node: str, execution: int, state: StateFolder) -> Staging:  # noqa: ARG002  a root's signature
        return Staging(self.folder, node, execution)

    def discard(self, node: str, execution: int, state: StateFolder) -> None:
        """Move what a dead execution left into the trash."""
        left = Staging(self.folder, node, execution)
        for folder in (left.aside, left.final):
            state.discard(folder)

    def defect(self, location: str, *, rehash: bool = False) -> str:
        return f"{location} is in another root" if "://" in location else defect(Path(location), rehash=rehash)

    def held(self, locations: Iterable[str]) -> set[str]:
        return {location for location in locations if Path(location).is_dir()}

    def preview(self, location: str) -> str | None:
        try:
            return preview_file(Path(location)).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    @contextmanager
    def fetched(self, location: str, digest: str, state: StateFolder) -> Iterator[Path]:  # noqa: ARG002  a root's signature
        yield Path(location)
