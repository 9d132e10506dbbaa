"""An artifact in an object store: its manifest, what is wrong with it, its way to this machine."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import UnreachableRoot
from headrace.storage.digest import manifest_of
from headrace.storage.object_store import ObjectStore

AT_ONCE = 16
"""How many requests wait for answers at once, where fsspec does not see to that."""


@dataclass(frozen=True)
class Uploaded:
    """An artifact, named by its path relative to the root; it is there when its manifest is."""

    store: ObjectStore
    relative: str

    @property
    def location(self) -> str:
        return f"{self.store.url}/{self.relative}"

    def is_there(self) -> bool:
        """Tell whether it is there, without looking into it."""
        return self.store.has(f"{self.relative}.manifest.json")

    def manifest(self) -> dict[str, str]:
        """Read the manifest; raises UnreachableRoot where there is none."""
        manifest = self._manifest()
        if isinstance(manifest, str):
            raise _lost(manifest)
        return manifest

    def defect(self, *, rehash: bool) -> str:
        """Say what is wrong with it, or nothing; `rehash` reads every byte."""
        manifest = self._manifest()
        if isinstance(manifest, str):
            return manifest
        if not manifest:
            return ""
        found = set(self.store.below(self.relative))
        if lost := sorted(manifest.keys() - found):
            return f"{self.location}/{lost[0]} is gone"
        if rehash:
            if added := sorted(found - manifest.keys()):
                return f"{self.location}/{added[0]} was added"
            if changed := self._changed(manifest):
                return f"{self.location}/{changed[0]} has changed"
        return ""

    def download(self, manifest: dict[str, str], folder: Path) -> None:
        """Download it; raises UnreachableRoot where its bytes are not those of the manifest."""
        names = list(manifest) or self.store.below(self.relative)
        self.store.download({f"{self.relative}/{name}": folder / name for name in names})
        found = manifest_of(folder) if manifest else {}
        if wrong := sorted(name for name in manifest if found.get(name) != manifest[name]):
            raise _lost(f"{self.location}/{wrong[0]} has changed")

    def _changed(self, manifest: dict[str, str]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda name: self.store.sha256(f"{self.relative}/{name}"), manifest)
            return [name for name, digest in zip(manifest, found, strict=True) if digest != manifest[name]]

    def _manifest(self) -> dict[str, str] | str:
        """Read the manifest, or say why there is none."""
        content = self.store.read(f"{self.relative}.manifest.json")
        if content is None:
            return f"{self.location} is gone"
        try:
            manifest: dict[str, str] = json.loads(content)
        except ValueError:
            return f"{self.location}.manifest.json is damaged"
        return manifest


def _lost(defect: str) -> UnreachableRoot:
    return UnreachableRoot(
        found=defect,
        expected="the artifact that its maker published",
        do="Run again with --verify, which makes what is damaged again",
    )
