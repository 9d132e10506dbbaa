"""Which files may be read and given away: those that really are below a folder, whatever a name says."""

from collections.abc import Iterable
from pathlib import Path

_ABOVE = 2


def below(folder: Path, name: str) -> Path | None:
    """Return a file below a folder; None for one that is not there, or not there when links are followed."""
    if not name or "\\" in name or "\0" in name or name.startswith("/") or ".." in name.split("/"):
        return None
    try:
        real = (folder / name).resolve(strict=True)
        is_inside = real.is_relative_to(folder.resolve(strict=True)) and real.is_file()
    except (OSError, RuntimeError):
        return None
    return real if is_inside else None


def known(place: str, folders: Iterable[Path]) -> Path | None:
    """Return the real folder or file at a path or URI; None where it is not strictly below one of the folders."""
    scheme, is_uri, rest = place.partition("://")
    if is_uri and scheme != "file":
        return None
    path = Path(rest if is_uri else place)
    try:
        real = path.resolve(strict=True)
        roots = [folder.resolve(strict=True) for folder in folders if folder.is_dir()]
    except (OSError, RuntimeError, ValueError):
        return None
    is_below = any(real != root and real.is_relative_to(root) for root in roots)
    return real if path.is_absolute() and is_below else None


def folder_outside(place: str, folders: Iterable[Path]) -> Path | None:
    """Name the folder that would have to be known for what is at a path; None where one is, or it is no path here.

    TFX lays artifacts out as ROOT/NODE/OUTPUT/NUMBER: then it is ROOT.
    """
    path = Path(place.removeprefix("file://"))
    if "://" in str(path) or not path.is_absolute() or any(path.is_relative_to(folder) for folder in folders):
        return None
    above = path.parents[_ABOVE] if path.name.isdigit() and len(path.parents) > _ABOVE + 1 else path.parent
    return None if above == path else above
