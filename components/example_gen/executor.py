"""Reads files of rows, on Beam, and shares out the rows among splits."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import apache_beam as beam
import pyarrow as pa

from components.example_gen.convert import ConvertCsv, Converted, ConvertParquet, SharingOut
from components.example_gen.csv_files import read_text
from components.example_gen.levels import Level, level_of
from components.example_gen.pieces import Piece, csv_names, cut_csv, cut_parquet, parquet_schema
from components.example_gen.source import files_of, find_files
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_writer import seal
from headrace.artifacts.preview import write_preview
from headrace.beam.collect import Collected
from headrace.beam.direct_runner import beam_pipeline
from headrace.beam.options import runs_in_process
from headrace.beam.progress import expect
from headrace.errors import ConfigError, DataError

MOST_PARTS = 1 << 31


def share_out_rows(
    source: str,
    splits: Mapping[str, int],
    split_by: str | None,
    payload: Literal["parquet", "tfrecord"],
    span: int | None,
    version: int | None,
    examples: Examples,
) -> None:
    """Convert the files of one span and version; without them, of the newest."""
    _check_splits(splits)
    if span is None or version is None:
        newest = find_files(source)[-1]
        span, version = newest.span, newest.version
    files = files_of(source, span, version)
    sharing = SharingOut(str(examples.path), splits, split_by, payload)
    schema, rows = _convert_csv(files, sharing) if _is_csv(files) else _convert_parquet(files, sharing)
    _check_rows(rows, source)
    seal(examples, schema, rows, payload=payload)
    examples.span, examples.version = span, version
    _preview(examples)


def _check_splits(splits: Mapping[str, int]) -> None:
    names_fit = all(name.replace("-", "_").isidentifier() for name in splits)
    parts_fit = all(type(part) is int and 0 < part < MOST_PARTS for part in splits.values())
    if not splits or not names_fit or not parts_fit:
        raise ConfigError(
            found=f"splits={dict(splits)}",
            expected='names with their parts, as {"train": 2, "eval": 1}',
            do="Correct `splits`",
        )


def _is_csv(files: Sequence[Path]) -> bool:
    endings = {".csv" if file.name.endswith((".csv", ".csv.gz")) else file.suffix for file in files}
    if endings not in ({".csv"}, {".parquet"}):
        raise DataError(
            found=f"{files[0]}{' and others' if len(files) > 1 else ''}, with {', '.join(map(repr, sorted(endings)))}",
            expected="only .csv and .csv.gz, or only .parquet",
            do="Rename or convert the files, or make `source` match one kind",
        )
    return endings == {".csv"}


def _convert_parquet(files: Sequence[Path], sharing: SharingOut) -> tuple[pa.Schema, dict[str, int]]:
    schema = parquet_schema(files)
    _check_column(sharing.split_by, schema.names, files[0])
    pieces, rows = cut_parquet(files)
    done = _run(pieces, ConvertParquet(sharing, schema), rows)
    return schema, _rows_of(done, sharing)


def _convert_csv(files: Sequence[Path], sharing: SharingOut) -> tuple[pa.Schema, dict[str, int]]:
    """Convert with the types that the first rows suggest, and once more where later rows say otherwise."""
    names = csv_names(files)
    _check_column(sharing.split_by, names, files[0])
    pieces, levels = cut_csv(files), _first_levels(files[0], names)
    while True:
        done = _run(pieces, ConvertCsv(sharing, names, levels))
        found = tuple(map(max, zip(*(piece.levels for piece in done), strict=True)))
        if found == levels:
            return pa.schema([(n, level.type) for n, level in zip(names, levels, strict=True)]), _rows_of(done, sharing)
        levels = found
        for split in sharing.splits:
            shutil.rmtree(Path(sharing.folder) / f"Split-{split}", ignore_errors=True)


def _first_levels(file: Path, names: list[str]) -> tuple[Level, ...]:
    for text in read_text(file, names):
        return tuple(level_of(column, Level.BLANK) for column in text.columns)
    return (Level.BLANK,) * len(names)


def _run(pieces: Sequence[Piece], convert: beam.DoFn, rows: int = 0) -> list[Converted]:
    """Convert all pieces; raises the error of the first that cannot be read."""
    with Collected[Converted]() as collected:
        with beam_pipeline("ExampleGen") as pipeline:
            expect(rows)
            (
                pipeline
                | "Pieces" >> beam.Create(pieces, reshuffle=not runs_in_process())
                | "Convert" >> beam.ParDo(convert)
                | "Collect" >> collected.sink()
            )
        done = sorted(collected.read(), key=lambda converted: converted.number)
    for converted in done:
        if converted.fault:
            raise converted.fault.as_error()
    return done


def _rows_of(done: Sequence[Converted], sharing: SharingOut) -> dict[str, int]:
    return {split: sum(converted.rows[split] for converted in done) for split in sharing.splits}


def _check_column(split_by: str | None, names: Sequence[str], file: Path) -> None:
    if split_by is not None and split_by not in names:
        raise DataError(
            found=f"{file} has no column {split_by!r}", expected=f"one of {list(names)}", do="Correct `split_by`"
        )


def _check_rows(rows: Mapping[str, int], source: str) -> None:
    if empty := [split for split, number in rows.items() if not number]:
        raise DataError(
            found=f"no rows for {', '.join(empty)} among {sum(rows.values())} rows of {source}",
            expected="rows in every split",
            do="Bring more rows, or change `splits` or `split_by`",
        )


def _preview(examples: Examples) -> None:
    rows = ", ".join(f"{number:,} {split}" for split, number in examples.rows.items())
    content = {"rows": examples.rows, "columns": examples.columns, "payload": examples.payload}
    write_preview(examples, f"span {examples.span}: {rows}, {len(examples.columns)} columns", content)
