"""What the files of an artifact tell: whether they are there, their names and sizes, a preview, curves."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from headrace.lineage.lists import Row
from headrace.metadata.records import StoredArtifact
from headrace.ui.previews import Previews
from headrace.ui.training import curves_in
from headrace.ui.views.artifact import Payload

FILES = 500
COUNTED = 20_000
"""How many files are named, and how many are counted at most."""
RUNS = ("ModelRun",)
"""Types of artifacts that hold event files."""


def payload_of(artifact: StoredArtifact, previews: Previews) -> Payload:
    """Look at the files of an artifact, as far as they are below a known root."""
    place = previews.place(artifact)
    files = sorted(files_in(place)) if place else []
    is_there = place is not None or previews.is_held(artifact)
    is_outside = not is_there and previews.is_outside(artifact)
    return Payload(
        exists=None if is_outside else is_there,
        is_outside=is_outside,
        root=previews.folder_outside(artifact) if is_outside else None,
        preview=previews.of(artifact),
        files=[_row(path, size) for path, size in files[:FILES]],
        files_total=len(files),
        curves=curves_in(place) if place and artifact.type in RUNS else None,
    )


def files_in(place: Path) -> Iterator[tuple[str, int]]:
    """List the files below a folder, or a file itself; links are left out."""
    if place.is_file():
        yield place.name, place.stat().st_size
        return
    yield from islice(_below(place), COUNTED)


def _below(place: Path) -> Iterator[tuple[str, int]]:
    for folder, names, files in os.walk(place):
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if not path.is_symlink():
                yield path.relative_to(place).as_posix(), path.stat().st_size


def _row(path: str, size: int) -> Row:
    return {"path": path, "size": size}
