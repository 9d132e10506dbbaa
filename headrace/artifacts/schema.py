"""Schemas: what is expected of every feature.

Layout 1: `schema.pbtxt`, a `tensorflow.metadata.v0.Schema` as text.
Preview: `{"features": [{"name", "type", "presence", "shape", "domain", "environments"}]}`.
"""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact


class Schema(Artifact):
    """What is expected of every feature: type, presence, shape, domain."""

    layout: ClassVar[int] = 1

    @property
    def file(self) -> Path:
        return self.path / "schema.pbtxt"
