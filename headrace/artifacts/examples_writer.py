"""Writes examples as bounded shards with names that depend on order alone, in bounded memory.

Whoever writes takes a `SplitWriter` for each ordered piece of a split. Its files, `part-<piece>-<number>`, become
`examples-00000-of-00003` when `seal` knows how many there are: pieces in the order of their names.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from headrace.artifacts.column_types import type_names
from headrace.artifacts.examples import SUFFIXES, Examples
from headrace.artifacts.tfrecords import RecordFile, encode

GROUP_ROWS = 65_536
GROUP_BYTES = 64 << 20
SHARD_ROWS = 8 * GROUP_ROWS
PART = "part-"
"""How the name of a finished piece begins."""


class SplitWriter:
    """Write the batches of one piece of a split, in order; a context manager.

    No more than one row group is held: 65,536 rows, or fewer where they make 64 MiB. A shard has up to 524,288 rows.
    """

    def __init__(self, folder: Path, piece: str, schema: pa.Schema, payload: str = "parquet") -> None:
        self._folder, self._piece, self._schema, self._payload = folder, piece, schema, payload
        self._held: list[pa.RecordBatch] = []
        self._shard: _Shard | None = None
        self._shards = 0
        self.rows = self.held_rows = self.held_bytes = 0

    def __enter__(self) -> "SplitWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        self._hold([*self._held, batch])
        while self.held_rows >= GROUP_ROWS or self.held_bytes >= GROUP_BYTES:
            self._write_group()

    def close(self) -> None:
        while self.held_rows:
            self._write_group()
        if self._shard:
            self._shard.close()
            self._shard = None

    def _hold(self, batches: list[pa.RecordBatch]) -> None:
        self._held = [batch for batch in batches if batch.num_rows]
        self.held_rows = sum(batch.num_rows for batch in self._held)
        self.held_bytes = sum(batch.nbytes for batch in self._held)

    def _write_group(self) -> None:
        held = pa.Table.from_batches(self._held)
        if self._shard is None or self._shard.rows + min(len(held), GROUP_ROWS) > SHARD_ROWS:
            self._next_shard()
        assert self._shard is not None
        self._shard.write(held.slice(0, GROUP_ROWS))
        self._hold(held.slice(GROUP_ROWS).to_batches())

    def _next_shard(self) -> None:
        if self._shard:
            self._shard.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{self._piece}-{self._shards:05d}{SUFFIXES[self._payload]}"
        self._shard = _RecordShard(file) if self._payload == "tfrecord" else _ParquetShard(file, self._schema)
        self._shards += 1


class _ParquetShard:
    def __init__(self, file: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(file, schema, compression="zstd")
        self.rows = 0

    def write(self, group: pa.Table) -> None:
        self._writer.write_table(group, row_group_size=GROUP_ROWS)
        self.rows += group.num_rows

    def close(self) -> None:
        self._writer.close()


class _RecordShard:
    def __init__(self, file: Path) -> None:
        self._records = RecordFile(file)
        self.rows = 0

    def write(self, group: pa.Table) -> None:
        for batch in group.to_batches(max_chunksize=GROUP_ROWS // 16):
            self._records.write(encode(batch))
        self.rows += group.num_rows

    def close(self) -> None:
        self._records.close()


_Shard = _ParquetShard | _RecordShard


def seal(examples: Examples, schema: pa.Schema, rows: Mapping[str, int], *, payload: str = "parquet") -> None:
    """Give the shards of every split their final names and the examples their properties, but for span and version."""
    for split in rows:
        folder = examples.split_folder(split)
        folder.mkdir(parents=True, exist_ok=True)
        parts = sorted(folder.glob(f"{PART}*{SUFFIXES[payload]}"))
        for number, part in enumerate(parts):
            part.rename(folder / f"examples-{number:05d}-of-{len(parts):05d}{SUFFIXES[payload]}")
    examples.split_names = list(rows)
    examples.rows = dict(rows)
    examples.payload = payload
    examples.columns = type_names(schema if payload == "parquet" else _as_recorded(schema))


def _as_recorded(schema: pa.Schema) -> pa.Schema:
    """Return the types that tf.Example keeps: its floats have 32 bits."""
    narrow = {pa.float64(): pa.float32(), pa.list_(pa.float64()): pa.list_(pa.float32())}
    return pa.schema([(field.name, narrow.get(field.type, field.type)) for field in schema])
