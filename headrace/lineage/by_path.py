"""References by place: a path or URI of an artifact, of a file in it, of a folder around it."""

from collections.abc import Iterable
from os.path import lexists
from pathlib import Path

from headrace.lineage.candidates import only
from headrace.lineage.shelf import Indexed, Shelf
from headrace.metadata.records import StoredArtifact


def at_path(text: str, shelf: Shelf, here: Path) -> StoredArtifact | None:
    """Find the artifact that is at a path, or around it, or alone below it; the newest, where a folder has several."""
    if not _may_be_path(text, here):
        return None
    is_uri = "://" in text and not text.startswith("file://")
    wanted = Path(text) if is_uri else (here / text.removeprefix("file://")).resolve()
    at = shelf.places() if isinstance(shelf, Indexed) else places_of(shelf.artifacts())
    for place in (wanted, *wanted.parents):
        if place in at:
            return at[place]
    below = [artifact for place, artifact in at.items() if place.is_relative_to(wanted)]
    return only(below, text, [f"artifact:{a.id} ({a.record.path})" for a in below], "artifacts")


def places_of(artifacts: Iterable[StoredArtifact]) -> dict[Path, StoredArtifact]:
    """Map places, with links followed, to the newest artifact at each; it asks the disk for every one."""
    at: dict[Path, StoredArtifact] = {}
    for artifact in artifacts:
        place = Path(artifact.record.path)
        at[place if "://" in artifact.record.path else place.resolve()] = artifact
    return at


def _may_be_path(text: str, here: Path) -> bool:
    """Tell whether a text has a slash, or names something that is here."""
    return "\0" not in text and ("/" in text or lexists(here / text))
