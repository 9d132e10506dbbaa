"""The code bundle: a pipeline's own code and small files as a zip that is named by its digest.

Entries are sorted, their times fixed, and none is compressed, as libraries differ in how: the same code gives the same
bytes.
"""

import io
import shutil
import uuid
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from headrace.errors import ConfigError, MissingFile
from headrace.spec.records import Json, PipelineSpec
from headrace.storage.root import Root
from headrace.user_code.bundle_files import code_of, files_named_by

LARGEST = 2**20
"""Bytes of a file that a parameter names: a larger one is data, which pods read from where they all can."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16


@dataclass(frozen=True)
class Bundle:
    """A zip, its digest, and the files that parameters name and that are too large for it."""

    content: bytes
    digest: str
    left_out: tuple[str, ...]

    @property
    def name(self) -> str:
        """Where it is below a root."""
        return place_of(self.digest)


def place_of(digest: str) -> str:
    """Say where a bundle is below a root: beside the folders of nodes, whose names begin with no dot."""
    return f".code/{digest}.zip"


def make_bundle(spec: PipelineSpec, values: Mapping[str, Json], module: str, project: Path) -> Bundle:
    """Pack what the pods of a pipeline need of its project; `module` is the pipeline's own, empty for a spec."""
    named = {file for node in spec.nodes for file in files_named_by(node, values, project)}
    left_out = tuple(sorted(file for file in named if (project / file).stat().st_size > LARGEST))
    content = _zipped({*code_of(spec, module, project), *named} - {*left_out}, project)
    return Bundle(content, sha256(content).hexdigest(), left_out)


def write_bundle(bundle: Bundle, folder: Path) -> Path:
    """Write a bundle below a folder, whole or not at all."""
    file = folder / bundle.name
    aside = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    file.parent.mkdir(parents=True, exist_ok=True)
    aside.write_bytes(bundle.content)
    return aside.replace(file)


def open_bundle(root: Root, digest: str, folder: Path) -> Path:
    """Unpack a bundle below a root into a folder and return it.

    Raises ConfigError where there is none, and before anything of another content is unpacked.
    """
    place, again = root.location(place_of(digest)), "Compile again with --code bundle, and put what it names there"
    try:
        content = root.read(place_of(digest))
    except MissingFile as error:
        raise ConfigError(
            found=f"no code bundle {place}", expected="the code that the pipeline was compiled with", do=again
        ) from error
    found = sha256(content).hexdigest()
    if found != digest:
        raise ConfigError(
            found=f"the code bundle {place} has the digest {found[:12]}…",
            expected=f"{digest[:12]}…, which the pipeline was compiled with",
            do=again,
        )
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            _check_entry(name, place)
        if not folder.is_dir():
            _unpack(packed, folder)
    return folder


def _unpack(packed: zipfile.ZipFile, folder: Path) -> None:
    """Unpack aside and rename, so that nobody imports half a bundle."""
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    aside.mkdir(parents=True)
    try:
        packed.extractall(aside)
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process was first
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _check_entry(name: str, place: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ConfigError(
            found=f"the code bundle {place} holds {name!r}",
            expected="paths within it",
            do="Compile again with --code bundle",
        )


def _zipped(files: Collection[str], project: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = READABLE
            target.writestr(entry, (project / name).read_bytes())
    return packed.getvalue()
