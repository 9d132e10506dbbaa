"""Where a model is served."""

import json
from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact, Property, SystemType


class PushedModel(Artifact):
    """A version of a model in a destination: `pushed.json` names the version and the digest of each of its files.

    The executor sets `pushed_version`; the publisher sets `destination`, as the pipeline gave it, and `model`, the
    content digest of the model. The model itself is in the destination: it is not copied here a second time.
    """

    layout: ClassVar[int] = 1
    system_type: ClassVar[SystemType] = "MODEL"

    span = Property(int)
    destination = Property(str)
    pushed_version = Property(int)
    model = Property(str)

    @property
    def file(self) -> Path:
        return self.path / "pushed.json"

    def write(self, version: int, files: dict[str, str]) -> None:
        """Record the version and the digests of its files, by relative path."""
        self.pushed_version = version
        self.file.write_text(json.dumps({"version": version, "files": files}, indent=1) + "\n", encoding="utf-8")
