"""Reads the previews beside artifacts, and only below the known roots."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from headrace.artifacts.preview import preview_of
from headrace.lineage.lists import Row
from headrace.metadata.records import StoredArtifact
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json
from headrace.storage.folder_root import FolderRoot
from headrace.storage.root import Root
from headrace.ui.jail import folder_outside, known

_SUMMARY = re.compile(r'"summary":\s*("(?:[^"\\]|\\.)*")')
_HEAD = 8192
"""Bytes of a preview among which its summary is."""


@dataclass(frozen=True)
class Previews:
    """The previews of artifacts below known roots; what is read of them is kept by path: artifacts do not change."""

    root: Root
    folders: Sequence[Path]
    _summaries: dict[str, str] = field(default_factory=dict, repr=False)
    _guesses: dict[str, Mapping[str, Json]] = field(default_factory=dict, repr=False)

    def of(self, artifact: StoredArtifact) -> Row | None:
        """Read the preview of an artifact; None where there is none, or where it is outside."""
        location = artifact.record.path
        if not self._is_elsewhere(location) and not self._file(location) and not self.place(artifact):
            return None
        found = preview_of(location, self.root)
        return cast("Row", found) if found else None

    def summary(self, record: ArtifactRecord) -> str:
        """Read the one line of a preview, without the rest of it."""
        if record.path not in self._summaries:
            file = None if self._is_elsewhere(record.path) else self._file(record.path)
            if file is None:
                return ""
            self._summaries[record.path] = _summary_in(file)
        return self._summaries[record.path]

    def guess(self, record: ArtifactRecord, metric: str) -> float | None:
        """Read what the best constant guess has of a metric, from the preview of an evaluation beside it."""
        if record.path not in self._guesses:
            file = None if self._is_elsewhere(record.path) else self._file(record.path)
            if file is None:
                return None
            self._guesses[record.path] = _guess_in(file)
        value = self._guesses[record.path].get(metric)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def place(self, artifact: StoredArtifact) -> Path | None:
        """Return the folder or file of an artifact; None where it is gone, or outside."""
        return known(artifact.record.path, self.folders)

    def is_held(self, artifact: StoredArtifact) -> bool:
        """Tell whether a root that is no folder has an artifact."""
        location = artifact.record.path
        return self._is_elsewhere(location) and bool(self.root.held([location]))

    def is_outside(self, artifact: StoredArtifact) -> bool:
        """Tell whether an artifact is where its files are not looked at: on no known root, or on another machine."""
        location = artifact.record.path
        if self._is_elsewhere(location):
            return False
        path = Path(location.removeprefix("file://"))
        return "://" in str(path) or not any(path.is_relative_to(folder) for folder in self.folders)

    def folder_outside(self, artifact: StoredArtifact) -> Path | None:
        """Name the folder to start with, where an artifact is below no known root of this machine."""
        location = artifact.record.path
        return None if self._is_elsewhere(location) else folder_outside(location, self.folders)

    def _is_elsewhere(self, location: str) -> bool:
        return not isinstance(self.root, FolderRoot) and bool(self.root.relative(location))

    def _file(self, location: str) -> Path | None:
        return known(f"{location.rstrip('/')}.preview.json", self.folders)


def _guess_in(file: Path) -> Mapping[str, Json]:
    """Read the guess of the first slice, which is the whole."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        return dict(json.loads(file.read_text(encoding="utf-8"))["content"]["slices"][0]["guess"])
    return {}


def _summary_in(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            found = _SUMMARY.search(opened.read(_HEAD))
        return str(json.loads(found[1])) if found else ""
    except (OSError, ValueError):
        return ""
