"""Reads examples as Arrow batches in bounded memory, whichever payload they have."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from headrace.artifacts.column_types import column_types
from headrace.artifacts.examples import Examples
from headrace.artifacts.tfrecords import decode, read_records
from headrace.errors import DataError

BATCH_ROWS = 65_536
RECORD_ROWS = 4_096


def arrow_schema(examples: Examples) -> pa.Schema:
    """Return the columns of the examples, as they are stored."""
    return column_types(examples.columns)


def read_batches(
    examples: Examples, split: str, *, rows: int = BATCH_ROWS, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a split, in order, in batches of at most `rows`; a value a row, or a list.

    Raises DataError for a split that does not exist and for a file that cannot be read.
    """
    schema = arrow_schema(examples)
    for file in files_of(examples, split):
        yield from read_file(file, schema, rows=rows, columns=columns)


def read_file(
    file: Path, schema: pa.Schema, *, rows: int = BATCH_ROWS, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one file of a split."""
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    if file.suffix == ".gz":
        records = read_records(file)
        while chunk := list(islice(records, min(rows, RECORD_ROWS))):
            yield decode(chunk, wanted)
        return
    try:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=rows, columns=wanted.names):
            yield pa.RecordBatch.from_arrays(batch.columns, schema=wanted)
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            found=f"{file}: {error}", expected="a whole Parquet file", do="Make the examples again"
        ) from error


def count_rows(examples: Examples, split: str) -> int:
    """Count the rows of a split in its files."""
    return sum(count_rows_of(file) for file in files_of(examples, split))


def count_rows_of(file: Path) -> int:
    if file.suffix == ".gz":
        return sum(1 for _ in read_records(file))
    rows: int = pq.ParquetFile(file).metadata.num_rows
    return rows


def files_of(examples: Examples, split: str) -> list[Path]:
    """List the files of a split; raises DataError when there is no such split."""
    if split not in examples.split_names:
        raise DataError(
            found=f"no split {split!r} in {examples.path}",
            expected=f"one of {examples.split_names}",
            do="Correct the split's name",
        )
    return examples.split_files(split)
