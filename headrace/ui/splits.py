"""The splits of an artifact in TFX's layouts: a folder `Split-<name>` each, or `<name>`, or none at all."""

from collections.abc import Sequence
from pathlib import Path

LARGEST = 16 << 20
"""Bytes of a file that is still read for a page."""


def splits_in(place: Path, names: Sequence[str]) -> dict[str, Path]:
    """Find the file of one of these names for each split; links and very large files are left out."""
    if not place.is_dir():
        return {}
    found: dict[str, Path] = {}
    for folder in (place, *sorted(each for each in place.iterdir() if each.is_dir() and not each.is_symlink())):
        split = "all" if folder == place else folder.name.removeprefix("Split-")
        for name in names:
            file = folder / name
            if file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST:
                found.setdefault(split, file)
    return found
