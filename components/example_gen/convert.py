"""Converts one piece of a source into shards of every split, inside a Beam pipeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import apache_beam as beam
import pyarrow as pa

from components.example_gen.csv_files import read_text
from components.example_gen.hash_split import assign, hash_rows
from components.example_gen.levels import Level, cast_text, level_of
from components.example_gen.parquet_files import read_groups
from components.example_gen.pieces import Piece
from headrace.artifacts.examples_writer import PART, SplitWriter
from headrace.beam.progress import count
from headrace.errors import DataError


@dataclass(frozen=True)
class SharingOut:
    """How rows are shared out, and where to."""

    folder: str
    splits: Mapping[str, int]
    split_by: str | None
    payload: str


@dataclass(frozen=True)
class Fault:
    """Why a piece cannot be read: a DataError, as data that a pipeline can carry."""

    found: str
    expected: str
    do: str

    def as_error(self) -> DataError:
        return DataError(found=self.found, expected=self.expected, do=self.do)


def fault_of(error: DataError | OSError, folder: str) -> Fault:
    """Turn an error into data; reading raises a DataError, so an OSError is one of writing."""
    if isinstance(error, DataError):
        return Fault(error.found, error.expected, error.do)
    what = error.strerror or " ".join(str(error).split())
    return Fault(f"{folder}: {what}", "a folder that can be written to, on a disk with space", "Free space, or move it")


@dataclass
class Converted:
    """What became of a piece: rows by split, the levels of its text columns, or why it cannot be read."""

    number: int
    rows: dict[str, int] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    fault: Fault | None = None


class ConvertParquet(beam.DoFn):  # type: ignore[misc]  # Beam is untyped here
    """Convert row groups."""

    def __init__(self, sharing: SharingOut, schema: pa.Schema) -> None:
        self._sharing, self._schema = sharing, schema

    def process(self, piece: Piece) -> Iterator[Converted]:
        done = Converted(piece.number)
        try:
            with SplitWriters(self._sharing, piece.number, self._schema) as writers:
                for part in piece.parts:
                    for batch in read_groups(Path(part.file), part.groups, self._schema):
                        writers.share_out(batch, batch.columns)
                done.rows = writers.rows
        except (DataError, OSError) as error:
            done.fault = fault_of(error, self._sharing.folder)
        yield done


class ConvertCsv(beam.DoFn):  # type: ignore[misc]  # Beam is untyped here
    """Convert CSV files, whose columns are supposed to have certain levels.

    Where a column turns out to be of a higher one, the rest of the piece is only looked at: what was written has to be
    written again with other types.
    """

    def __init__(self, sharing: SharingOut, names: list[str], supposed: tuple[Level, ...]) -> None:
        self._sharing, self._names, self._supposed = sharing, names, supposed

    def process(self, piece: Piece) -> Iterator[Converted]:
        done = Converted(piece.number, levels=self._supposed)
        schema = pa.schema([(name, level.type) for name, level in zip(self._names, self._supposed, strict=True)])
        try:
            with SplitWriters(self._sharing, piece.number, schema) as writers:
                for part in piece.parts:
                    for text in read_text(Path(part.file), self._names):
                        done.levels = self._convert(text, done.levels, writers)
                done.rows = writers.rows
        except (DataError, OSError) as error:
            done.fault = fault_of(error, self._sharing.folder)
        yield done

    def _convert(self, text: pa.RecordBatch, levels: tuple[Level, ...], writers: "SplitWriters") -> tuple[Level, ...]:
        columns = [cast_text(column, level) for column, level in zip(text.columns, levels, strict=True)]
        found = tuple(
            level if typed is not None and level is not Level.BIG else level_of(column, level)
            for column, typed, level in zip(text.columns, columns, levels, strict=True)
        )
        if found == self._supposed:
            writers.share_out(text, columns)
        return found


class SplitWriters:
    """A writer for every split of a piece; a context manager."""

    def __init__(self, sharing: SharingOut, number: int, schema: pa.Schema) -> None:
        self._sharing, self._schema = sharing, schema
        self._writers = {
            split: SplitWriter(Path(sharing.folder) / f"Split-{split}", f"{PART}{number:06d}", schema, sharing.payload)
            for split in sharing.splits
        }

    def __enter__(self) -> "SplitWriters":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    @property
    def rows(self) -> dict[str, int]:
        return {split: writer.rows for split, writer in self._writers.items()}

    def share_out(self, content: pa.RecordBatch, columns: list[pa.Array]) -> None:
        """Write rows, each to the split that its content says; the columns have the values as they are stored."""
        of_row = assign(hash_rows(content, self._sharing.split_by), self._sharing.splits)
        typed = [column.cast(kind) for column, kind in zip(columns, self._schema.types, strict=True)]
        batch = pa.RecordBatch.from_arrays(typed, schema=self._schema)
        for position, writer in enumerate(self._writers.values()):
            writer.write(batch.filter(pa.array(of_row == position)))
        count(content.num_rows)
