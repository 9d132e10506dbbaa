"""A root of artifacts at a URL, in an object store that fsspec knows; executors never see it."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from headrace.errors import MissingFile, UnreachableRoot
from headrace.storage.digest import digest_of
from headrace.storage.inputs import kept
from headrace.storage.object_store import ObjectStore
from headrace.storage.public_url import check_public
from headrace.storage.staging import Staging
from headrace.storage.state import StateFolder
from headrace.storage.upload import Upload
from headrace.storage.uploaded import AT_ONCE, Uploaded


@dataclass(frozen=True)
class UrlRoot:
    """A place below a bucket; what is made is staged, and what is read is kept, in the state folder."""

    url: str

    def __post_init__(self) -> None:
        check_public(self.url)

    @property
    def address(self) -> str:
        return self.url

    @cached_property
    def store(self) -> ObjectStore:
        return ObjectStore(self.url)

    def make(self) -> None:
        """Find out whether it can be written; raises UnreachableRoot where not."""
        self.store.write(".probe", b"headrace was here")

    def read_id(self) -> str:
        return (self.store.read(".root_id") or b"").decode().strip()

    def claim(self, mine: str) -> str:
        if known := self.read_id():
            return known
        self.store.write_once(".root_id", mine.encode())
        return self.read_id()

    def location(self, relative: str) -> str:
        return f"{self.url}/{relative}"

    def relative(self, location: str) -> str:
        return location.removeprefix(f"{self.url}/") if location.startswith(f"{self.url}/") else ""

    def read(self, relative: str) -> bytes:
        content = self.store.read(relative)
        if content is None:
            raise MissingFile(
                found=f"{self.location(relative)} is not there",
                expected="a file of this root",
                do="Check `root` in the configuration",
            )
        return content

    def write(self, relative: str, content: bytes) -> None:
        self.store.write(relative, content)

    def staging(self, node: str, execution: int, state: StateFolder) -> Upload:
        return Upload(Staging(state.staging, node, execution), self.store)

    def discard(self, node: str, execution: int, state: StateFolder) -> None:
        """Delete what a dead execution left: an object store has no trash, and moving costs as much as copying."""
        left = self.staging(node, execution, state)
        left.discard()
        with suppress(UnreachableRoot):
            self.store.delete(left.place)

    def defect(self, location: str, *, rehash: bool = False) -> str:
        found = self._uploaded(location)
        return found.defect(rehash=rehash) if found else f"{location} is in another root"

    def held(self, locations: Iterable[str]) -> set[str]:
        asked = [found for location in locations if (found := self._uploaded(location))]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            there = pool.map(Uploaded.is_there, asked)
            return {found.location for found, is_there in zip(asked, there, strict=True) if is_there}

    def preview(self, location: str) -> str | None:
        relative = self.relative(location)
        with suppress(UnreachableRoot, ValueError):
            content = self.store.read(f"{relative}.preview.json") if relative else None
            return None if content is None else content.decode()
        return None

    @contextmanager
    def fetched(self, location: str, digest: str, state: StateFolder) -> Iterator[Path]:
        """Have an artifact on this machine, downloaded once; raises UnreachableRoot for other bytes than its own."""
        found = self._uploaded(location)
        if found is None:  # given by its path, and not made by a pipeline
            yield Path(location)
            return
        manifest = found.manifest()
        # Without a manifest's digests, all artifacts with the same properties have the same digest.
        name = digest if manifest else digest_of([location, digest])
        with kept(state.inputs / name, partial(found.download, manifest)) as folder:
            yield folder

    def _uploaded(self, location: str) -> Uploaded | None:
        relative = self.relative(location)
        return Uploaded(self.store, relative) if relative else None
