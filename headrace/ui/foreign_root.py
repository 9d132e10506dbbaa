"""The folders in which another program's artifacts may be: only files below them are looked at."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headrace.storage.folder_root import FolderRoot
from headrace.ui.foreign import foreign_preview
from headrace.ui.jail import known


@dataclass(frozen=True)
class ForeignRoot(FolderRoot):
    """A root that other programs wrote: previews are made from what they left."""

    folders: Sequence[Path] = ()

    def held(self, locations: Iterable[str]) -> set[str]:
        return {location for location in locations if known(location, self.folders)}

    def preview(self, location: str) -> str | None:
        """Make the text of a preview; what headrace itself left beside an artifact goes first."""
        beside = known(f"{location.rstrip('/')}.preview.json", self.folders)
        text = FolderRoot(self.folder).preview(str(beside).removesuffix(".preview.json")) if beside else None
        place = known(location, self.folders)
        made = foreign_preview(place) if place and text is None else None
        return json.dumps(made) if made else text
