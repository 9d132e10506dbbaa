"""Writes batches as shards from inside a Beam pipeline: no shuffle, one row group in memory for each split."""

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pyarrow as pa

from headrace.artifacts.examples_writer import PART, SplitWriter
from headrace.artifacts.large_lists import from_large_lists


class WriteShards(beam.DoFn):  # type: ignore[misc]  # Beam is untyped here
    """Write a bundle's batches as parts of a split, and yield the number of rows; `seal` names the shards.

    Takes batches of large lists, or tuples that begin with one as TFT makes them; `schema` says which columns are
    single values again. The parts of a bundle are named by a digest of their bytes, so that equal bundles make equal
    names in whatever order they run. In process there is one bundle, and rows keep their order.
    """

    def __init__(self, folder: Path, schema: pa.Schema, payload: str = "parquet") -> None:
        self._folder, self._schema, self._payload = str(folder), schema, payload

    def start_bundle(self) -> None:
        self._writing = f"writing-{uuid.uuid4().hex}"
        self._writer = SplitWriter(Path(self._folder), self._writing, self._schema, self._payload)

    def process(self, element: pa.RecordBatch | tuple[pa.RecordBatch, object]) -> Iterator[int]:
        batch = element[0] if isinstance(element, tuple) else element
        self._writer.write(from_large_lists(batch, self._schema))
        yield batch.num_rows

    def finish_bundle(self) -> None:
        self._writer.close()
        written = sorted(Path(self._folder).glob(f"{self._writing}-*"))
        piece = _digest(written)
        copies = len({*Path(self._folder).glob(f"{PART}{piece}-*-00000*")})
        for file in written:
            file.rename(file.with_name(file.name.replace(self._writing, f"{PART}{piece}-{copies:05d}")))


def _digest(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:16]
