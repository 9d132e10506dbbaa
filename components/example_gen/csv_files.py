"""Reads CSV files as batches of text, in bounded memory.

A file is read from its start to its end: where a row begins cannot be told in the middle, as quoted fields may hold
line breaks, and a compressed file cannot be entered there at all.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc

from components.example_gen.csv_errors import explain, first_fault

BLOCK_BYTES = 4 << 20


def read_header(file: Path) -> list[str]:
    """Return the names in the first line; raises DataError for a file without one."""
    try:
        with pa.input_stream(str(file)) as stream:
            names: list[str] = _open(stream, None).schema.names
            return names
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise explain(file, error) from error


def read_text(file: Path, names: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file, every column as text and a blank as missing; columns in the order of `names`."""
    try:
        with pa.input_stream(str(file)) as stream:
            last = ""
            for batch in _open(stream, names):
                if batch.num_rows:
                    last = batch.column(batch.num_columns - 1)[-1].as_py() or ""
                    yield pa.RecordBatch.from_arrays([batch.column(name) for name in names], names=names)
        if "\n" in last and (fault := first_fault(file)):  # Arrow takes a quote that nobody closes for a long field
            raise fault
    except (pa.ArrowException, OSError) as error:
        raise explain(file, error) from error


def _open(stream: pa.NativeFile, names: list[str] | None) -> pc.CSVStreamingReader:
    """Open a stream; without names, look at its first block only."""
    types = {name: pa.string() for name in names or ()}
    return pc.open_csv(
        stream,
        read_options=pc.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
        ),
    )
