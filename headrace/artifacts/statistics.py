"""Statistics of examples, in the layout that TFX and TensorFlow Data Validation read.

Layout 1: `Split-<name>/FeatureStats.pb`, a serialised `DatasetFeatureStatisticsList` with one dataset.
Preview: `{"splits": {split: {"rows": …, "features": [{"name", "type", "count", "missing", …}]}}}`.
"""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact, Property, SystemType


class ExampleStatistics(Artifact):
    """Statistics of every feature, by split."""

    layout: ClassVar[int] = 1
    system_type: ClassVar[SystemType] = "STATISTICS"

    span = Property(int)
    split_names = Property(list[str])

    def split_file(self, split: str) -> Path:
        return self.path / f"Split-{split}" / "FeatureStats.pb"
