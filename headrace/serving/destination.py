"""The folder that a server reads: one version folder per model, `<destination>/<version>/saved_model.pb`.

A version is a positive integer; TensorFlow Serving takes the highest. `assets.extra/headrace.json` in it names the
content digest of the model that it was made from. What starts with a dot is not served.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import DataError
from headrace.storage.digest import manifest_of

LABEL = Path("assets.extra", "headrace.json")
LOCK, ASIDE, GONE = ".headrace.lock", ".headrace-new-", ".headrace-old-"
ROLLED_BACK = ".headrace-rolled-back.json"


@dataclass(frozen=True)
class Served:
    """A version in a destination; model and span are None for one that headrace did not put there."""

    version: int
    model: str | None
    span: int | None


def versions(destination: Path) -> list[Served]:
    """List what a destination keeps, the oldest version first; nothing where there is no such folder."""
    if destination.exists() and not destination.is_dir():
        raise DataError(
            found=f"{destination} is a file",
            expected="a folder of versions, or a place for one",
            do="Move the file away, or change `destination`",
        )
    folders = [entry for entry in destination.iterdir() if _is_version(entry)] if destination.is_dir() else []
    return sorted((_served(folder) for folder in folders), key=lambda served: served.version)


def _is_version(entry: Path) -> bool:
    return entry.name.isascii() and entry.name.isdigit() and entry.is_dir()


def _served(folder: Path) -> Served:
    try:
        label = json.loads((folder / LABEL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        label = {}
    return Served(int(folder.name), label.get("model"), label.get("span"))


def rolled_back(destination: Path) -> frozenset[str]:
    """Return the digests of the models that someone has taken back."""
    try:
        return frozenset(json.loads((destination / ROLLED_BACK).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return frozenset()


def why_not(destination: Path, model: str, span: int | None) -> str:
    """Say why a model must not become what is served there: it was rolled back, or a newer span is served."""
    if model in rolled_back(destination):
        return "the model was rolled back"
    served = versions(destination)[-1:]
    if span is not None and any(one.span is not None and one.span > span for one in served):
        return f"version {served[0].version} serves span {served[0].span}, which is newer than span {span}"
    return ""


def roll_back(destination: Path, version: int) -> None:
    """Take a version away and record whose it was, so that no later run puts it there again."""
    with locked(destination):
        found = {served.version: served for served in versions(destination)}
        if (model := found[version].model) is not None:
            taken = sorted({*rolled_back(destination), model})
            aside = destination / f"{ASIDE}{ROLLED_BACK}"
            aside.write_text(json.dumps(taken) + "\n", encoding="utf-8")
            aside.replace(destination / ROLLED_BACK)
        remove(destination, version)


@contextmanager
def locked(destination: Path) -> Iterator[None]:
    """Keep others from changing the destination; the lock ends with the process that holds it."""
    destination.mkdir(parents=True, exist_ok=True)
    with (destination / LOCK).open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sweep(destination: Path) -> None:
    """Remove what a push that was killed has left; only under the lock."""
    for orphan in (*destination.glob(f"{ASIDE}*"), *destination.glob(f"{GONE}*")):
        if orphan.is_dir():
            shutil.rmtree(orphan)
        else:
            orphan.unlink()


def stage(destination: Path, saved_model: Path, model: str, span: int | None) -> Path:
    """Copy a SavedModel into a hidden folder of the destination, whole and durable, and label it."""
    aside = destination / f"{ASIDE}{model[:16]}"
    try:
        shutil.copytree(saved_model, aside)
        (aside / LABEL).parent.mkdir(exist_ok=True)
        (aside / LABEL).write_text(json.dumps({"model": model, "span": span}) + "\n", encoding="utf-8")
        for path in (*aside.rglob("*"), aside):
            _make_durable(path)
    except OSError:
        discard(aside)
        raise
    return aside


def discard(aside: Path) -> None:
    """Remove a staged model that will not be shown."""
    shutil.rmtree(aside, ignore_errors=True)


def show(destination: Path, aside: Path) -> int:
    """Make a staged model the highest version, at once."""
    version = max((served.version for served in versions(destination)), default=0) + 1
    aside.rename(destination / str(version))
    _make_durable(destination)
    return version


def remove(destination: Path, version: int) -> None:
    """Take a version away: out of sight at once, then file by file."""
    gone = destination / f"{GONE}{version}"
    (destination / str(version)).rename(gone)
    shutil.rmtree(gone)


def kept(destination: Path, model: str, files: Mapping[str, str]) -> int | None:
    """Find the newest version that was made from a model and still holds its files, byte for byte."""
    same = [served.version for served in versions(destination) if served.model == model]
    return next((version for version in reversed(same) if files_of(destination / str(version)) == files), None)


def files_of(saved_model: Path) -> dict[str, str]:
    """Map the files of a SavedModel to their digests, but for headrace's own label."""
    return {name: digest for name, digest in manifest_of(saved_model).items() if name != LABEL.as_posix()}


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
