"""References by place: a path or URI of an artifact, of a file in it, of a folder around it."""

from pathlib import Path

from headrace.lineage.candidates import only
from headrace.lineage.shelf import Shelf
from headrace.metadata.records import StoredArtifact


def at_path(text: str, shelf: Shelf, here: Path) -> StoredArtifact | None:
    """Find the artifact that is at a path, or around it, or alone below it; the newest, where a folder has several."""
    is_uri = "://" in text and not text.startswith("file://")
    wanted = Path(text) if is_uri else (here / text.removeprefix("file://")).resolve()
    at: dict[Path, StoredArtifact] = {}
    for artifact in shelf.artifacts():
        place = Path(artifact.record.path)
        at[place if is_uri or "://" in artifact.record.path else place.resolve()] = artifact
    for place in (wanted, *wanted.parents):
        if place in at:
            return at[place]
    below = [artifact for place, artifact in at.items() if place.is_relative_to(wanted)]
    return only(below, text, [f"artifact:{a.id} ({a.record.path})" for a in below], "artifacts")
