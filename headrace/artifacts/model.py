"""Trained models, and what was logged while they were trained."""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact, Property, SystemType


class Model(Artifact):
    """A trained model: the SavedModel in `Format-Serving/`, with its signatures."""

    layout: ClassVar[int] = 1
    system_type: ClassVar[SystemType] = "MODEL"

    span = Property(int)

    @property
    def serving(self) -> Path:
        return self.path / "Format-Serving"


class ModelRun(Artifact):
    """What a training logged for TensorBoard."""

    layout: ClassVar[int] = 1
    volatile: ClassVar[bool] = True
