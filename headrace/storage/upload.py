"""One execution's outputs on their way to an object store: staged on this machine, uploaded with the manifests last."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from headrace.errors import ConflictError, UnreachableRoot
from headrace.storage.object_store import ObjectStore
from headrace.storage.staging import Published, Staging, manifest_file


@dataclass(frozen=True)
class Upload:
    """What one execution makes; readers take an output for one when its manifest is there."""

    staging: Staging
    store: ObjectStore

    @property
    def place(self) -> str:
        return f"{self.staging.node}/{self.staging.execution}"

    def location(self, output: str) -> str:
        return f"{self.store.url}/{self.place}/{output}"

    def make(self, outputs: Iterable[str]) -> dict[str, str]:
        """Make an empty folder for every output; raises ConflictError where another store's execution stands."""
        if self.store.below(self.place):
            raise ConflictError(
                found=f"{self.store.url}/{self.place} holds what another store's execution made",
                expected="a root of artifacts for each store: the numbers of executions name its folders",
                do="Set another `root` in the configuration, or delete this one, if its store is gone",
            )
        return self.staging.make(outputs)

    def publish(self, outputs: Iterable[str], volatile: frozenset[str]) -> dict[str, Published]:
        """Digest the files here, upload them and the previews, and the manifests when all of them are there."""
        published = self.staging.seal(outputs, volatile)
        aside = self.staging.aside
        files = {file: f"{self.place}/{file.relative_to(aside)}" for file in aside.rglob("*") if file.is_file()}
        manifests = {manifest_file(aside / name) for name in published}
        try:
            self.store.upload({file: name for file, name in files.items() if file not in manifests})
            self.store.upload({file: name for file, name in files.items() if file in manifests})
        except BaseException:
            with suppress(UnreachableRoot):
                self.store.delete(self.place)
            raise
        self.discard()
        return published

    def discard(self) -> None:
        """Remove what is staged."""
        self.staging.discard()
