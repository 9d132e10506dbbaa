"""Reads a split into a Beam pipeline as large Arrow batches, in the form that TFDV and TFT take."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import apache_beam as beam
import pyarrow as pa

from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import BATCH_ROWS, arrow_schema, files_of, read_file
from headrace.artifacts.large_lists import to_large_lists
from headrace.beam.options import runs_in_process
from headrace.beam.progress import count, expect
from headrace.errors import HeadraceError


def read_split(
    pipeline: beam.Pipeline,
    examples: Examples,
    split: str,
    *,
    label: str = "Read",
    columns: Sequence[str] | None = None,
) -> beam.PCollection:
    """Read the rows of a split as batches of large lists, in order where the runner keeps it.

    Only the names of files are shuffled, and in process not even they, so that no batch is held. A collection that two
    consumers read is held: read twice, with two labels.
    """
    files = [str(file) for file in files_of(examples, split)]
    expect(examples.rows[split])
    return (
        pipeline
        | f"{label}Files" >> beam.Create(files, reshuffle=not runs_in_process())
        | label >> beam.ParDo(ReadFile(arrow_schema(examples), columns)).with_output_types(pa.RecordBatch)
    )


class ReadFile(beam.DoFn):  # type: ignore[misc]  # Beam is untyped here
    """Read one file of a split."""

    def __init__(self, schema: pa.Schema, columns: Sequence[str] | None) -> None:
        self._schema, self._columns = schema, columns

    def process(self, file: str) -> Iterator[pa.RecordBatch]:
        try:
            for batch in read_file(Path(file), self._schema, rows=BATCH_ROWS, columns=self._columns):
                yield to_large_lists(batch)
                count(batch.num_rows)
        except HeadraceError as error:
            raise untouched(error)  # noqa: B904  the same error


def untouched(error: HeadraceError) -> HeadraceError:
    """Mark an error so that Beam raises it as it is: it rewrites others into a RuntimeError of their text."""
    error._tagged_with_step = True  # type: ignore[attr-defined]
    return error
