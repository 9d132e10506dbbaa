"""Examples: rows in named splits.

Layout 1: `Split-<name>/examples-00000-of-00003.parquet`, or `.tfrecord.gz` with tf.Example records. `examples_reader`
and `examples_writer` hide which of the two it is.
"""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact, Property, SystemType

SUFFIXES = {"parquet": ".parquet", "tfrecord": ".tfrecord.gz"}


class Examples(Artifact):
    """Rows in named splits.

    `payload` is `parquet` or `tfrecord`; `rows` counts them by split; `columns` gives the Arrow type of each column by
    name, in order.
    """

    layout: ClassVar[int] = 1
    system_type: ClassVar[SystemType] = "DATASET"

    span = Property(int)
    version = Property(int)
    split_names = Property(list[str])
    payload = Property(str)
    rows = Property(dict[str, int])
    columns = Property(dict[str, str])

    def split_folder(self, split: str) -> Path:
        return self.path / f"Split-{split}"

    def split_files(self, split: str) -> list[Path]:
        """List the files of a split, in the order of its rows."""
        return sorted(self.split_folder(split).glob(f"examples-*{SUFFIXES[self.payload]}"))
