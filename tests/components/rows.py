"""Rows in files, read by ExampleGen's executor as a plain call."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from components.example_gen.executor import share_out_rows
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import read_batches

Row = dict[str, object]


def write_csv(file: Path, header: str, rows: Sequence[str]) -> Path:
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def write_parquet(file: Path, columns: Mapping[str, object]) -> Path:
    pq.write_table(pa.table(dict(columns)), file)
    return file


def ingest(
    source: Path | str,
    output: Path,
    *,
    splits: Mapping[str, int] | None = None,
    split_by: str | None = None,
    payload: Literal["parquet", "tfrecord"] = "parquet",
    span: int | None = None,
) -> Examples:
    """Call the executor of ExampleGen."""
    output.mkdir(parents=True)
    examples = Examples(output)
    version = None if span is None else 0
    share_out_rows(str(source), splits or {"all": 1}, split_by, payload, span, version, examples)
    return examples


def rows_of(examples: Examples, split: str = "all") -> list[Row]:
    return [row for batch in read_batches(examples, split) for row in batch.to_pylist()]
