"""One execution's folder: written aside, then renamed into place at once.

`<root>/<node>/<execution id>/<output>/…`, with `<output>.manifest.json` (path -> sha256) and `<output>.preview.json`
beside each output's folder.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from json import dumps, loads
from pathlib import Path

from headrace.errors import ConflictError
from headrace.storage.digest import file_sha256, manifest_of

STAGED = ".staging-"


@dataclass(frozen=True)
class Published:
    """What one output became: the manifest of its files, and their bytes in all."""

    manifest: dict[str, str]
    size: int


@dataclass(frozen=True)
class Staging:
    """Folders for the outputs of one execution."""

    root: Path
    node: str
    execution: int

    @property
    def aside(self) -> Path:
        return self.root / self.node / f"{STAGED}{self.execution}"

    @property
    def final(self) -> Path:
        return self.root / self.node / str(self.execution)

    def make(self, outputs: Iterable[str]) -> dict[str, str]:
        """Make an empty folder for every output; raises ConflictError where another store's execution stands."""
        if self.final.exists():
            raise ConflictError(
                found=f"{self.final} holds what another store's execution made",
                expected="a root of artifacts for each store: the numbers of executions name its folders",
                do=f"Move {self.root} away, if its store is gone; or set another `root` in configs/local.yaml",
            )
        folders = {name: self.aside / name for name in outputs}
        for folder in (self.aside, *folders.values()):
            folder.mkdir(parents=True)
        return {name: str(folder) for name, folder in folders.items()}

    def seal(self, outputs: Iterable[str], volatile: frozenset[str]) -> dict[str, Published]:
        """Write the manifests; a volatile output has an empty one."""
        published = {name: _describe(self.aside / name, name in volatile) for name in outputs}
        for name, made in published.items():
            manifest_file(self.aside / name).write_text(dumps(made.manifest, indent=1), encoding="utf-8")
        return published

    def publish(self, outputs: Iterable[str], volatile: frozenset[str]) -> dict[str, Published]:
        """Write the manifests, make everything durable and rename."""
        published = self.seal(outputs, volatile)
        for path in (*self.aside.rglob("*"), self.aside):
            _make_durable(path)
        self.aside.rename(self.final)
        _make_durable(self.final.parent)
        return published

    def location(self, output: str) -> str:
        """Say where an output is once it is published."""
        return str(self.final / output)

    def discard(self) -> None:
        """Remove what an attempt that did not succeed has written."""
        shutil.rmtree(self.aside, ignore_errors=True)


def _describe(folder: Path, is_volatile: bool) -> Published:
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Published({} if is_volatile else manifest_of(folder), size)


def defect(folder: Path, *, rehash: bool = False) -> str:
    """Say what is wrong with an artifact on disk, or nothing; `rehash` reads every byte."""
    try:
        manifest: dict[str, str] = loads(manifest_file(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return f"{folder} is gone"
    except ValueError:
        return f"{manifest_file(folder)} is damaged"
    if not folder.is_dir():
        return f"{folder} is gone"
    for name, digest in manifest.items():
        file = folder / name
        if not file.is_file():
            return f"{file} is gone"
        if rehash and file_sha256(file) != digest:
            return f"{file} has changed"
    if rehash and manifest and (added := sorted(manifest_of(folder).keys() - manifest)):
        return f"{folder / added[0]} was added"
    return ""


def manifest_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.manifest.json")


def preview_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.preview.json")


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
