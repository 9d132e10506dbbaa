"""The root of artifacts: where they are kept, in a folder or at a URL of an object store.

A location is what a record says of an artifact: an absolute path, or a URL.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from headrace.errors import ConfigError
from headrace.storage.folder_root import FolderRoot
from headrace.storage.local_path import local_path
from headrace.storage.staging import Published
from headrace.storage.state import StateFolder


class Staged(Protocol):
    """Local folders for what one execution makes, until it is published."""

    def make(self, outputs: Iterable[str]) -> dict[str, str]:
        """Make an empty folder for every output; raises ConflictError where another store's execution stands."""
        ...

    def publish(self, outputs: Iterable[str], volatile: frozenset[str]) -> dict[str, Published]:
        """Put everything into its place, so that readers see an output whole or not at all."""
        ...

    def discard(self) -> None:
        """Remove what an attempt that did not succeed has written."""
        ...

    def location(self, output: str) -> str:
        """Say where an output is once it is published."""
        ...


class Root(Protocol):
    """A root of artifacts."""

    @property
    def address(self) -> str:
        """Its path, or its URL."""
        ...

    def make(self) -> None:
        """Make it where it is missing; raises UnfitEnvironment where nothing can be written."""
        ...

    def read_id(self) -> str:
        """Read the id that all who share the root know it by; empty where it has none."""
        ...

    def claim(self, mine: str) -> str:
        """Write an id unless there is one; return the one that is there."""
        ...

    def location(self, relative: str) -> str:
        """Say where something below the root is."""
        ...

    def relative(self, location: str) -> str:
        """Say where a location is below the root; empty where it is not."""
        ...

    def read(self, relative: str) -> bytes:
        """Read a file below the root; raises MissingFile where there is none."""
        ...

    def write(self, relative: str, content: bytes) -> None:
        """Write a file below the root, whole or not at all."""
        ...

    def staging(self, node: str, execution: int, state: StateFolder) -> Staged:
        """Stage what one execution makes."""
        ...

    def discard(self, node: str, execution: int, state: StateFolder) -> None:
        """Remove what a dead execution left, as far as that is possible: no record tells of it."""
        ...

    def defect(self, location: str, *, rehash: bool = False) -> str:
        """Say what is wrong with an artifact, or nothing; `rehash` reads every byte."""
        ...

    def held(self, locations: Iterable[str]) -> set[str]:
        """Tell which of some artifacts are there, without looking into them."""
        ...

    def preview(self, location: str) -> str | None:
        """Read the text beside an artifact that previews it; None where there is none that can be read."""
        ...

    def fetched(self, location: str, digest: str, state: StateFolder) -> AbstractContextManager[Path]:
        """Have an artifact as a folder on this machine while the block runs."""
        ...


def root_at(location: str, project: Path) -> Root:
    """Take a setting for a root: a path relative to the project, or a URL of an object store."""
    scheme, is_url, place = location.partition("://")
    if not is_url or scheme == "file":
        return FolderRoot(project / local_path(location))
    if scheme == "memory":
        raise ConfigError(
            found=f"the root {location}",
            expected="a place that outlives the process and that executors can read",
            do="Set `root` to a folder, or to a URL of an object store",
        )
    from headrace.storage.url_root import UrlRoot  # noqa: PLC0415  only a URL needs fsspec

    return UrlRoot(f"{scheme}://{place.rstrip('/')}")
