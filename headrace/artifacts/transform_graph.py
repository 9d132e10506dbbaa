"""A fitted `preprocessing_fn`, in the layout that tensorflow-transform reads."""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact


class TransformGraph(Artifact):
    """A fitted `preprocessing_fn`: `tft.TFTransformOutput(graph.path)` reads it.

    `transform_fn/` is its SavedModel with the vocabularies as assets, `transformed_metadata/` the schema of what it
    makes, `metadata/` the schema of what it takes.
    """

    layout: ClassVar[int] = 1

    @property
    def transform_fn(self) -> Path:
        return self.path / "transform_fn"

    @property
    def raw_schema_file(self) -> Path:
        return self.path / "metadata" / "schema.pbtxt"

    @property
    def transformed_schema_file(self) -> Path:
        return self.path / "transformed_metadata" / "schema.pbtxt"
