"""Cuts a source into pieces of similar size, which are converted independently and written in their order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from components.example_gen.csv_files import read_header
from components.example_gen.parquet_files import common_type, open_file, stored_schema
from headrace.errors import DataError

PIECE_ROWS = 524_288
PIECE_BYTES = 64 << 20


@dataclass(frozen=True)
class Part:
    """A file, or some of its row groups."""

    file: str
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Parts that are read one after the other; the number gives their place in the source."""

    number: int
    parts: tuple[Part, ...]


def cut_csv(files: Sequence[Path]) -> list[Piece]:
    """Put files together until they make 64 MiB."""
    return _gather(((Part(str(file)), file.stat().st_size) for file in files), PIECE_BYTES)


def cut_parquet(files: Sequence[Path]) -> tuple[list[Piece], int]:
    """Put row groups together until they make 524,288 rows; return the number of rows as well."""
    found = list[tuple[Part, int]]()
    for file in files:
        metadata = open_file(file).metadata
        found += [(Part(str(file), (i,)), metadata.row_group(i).num_rows) for i in range(metadata.num_row_groups)]
    return _gather(found, PIECE_ROWS), sum(rows for _, rows in found)


def csv_names(files: Sequence[Path]) -> list[str]:
    """Return the columns that all files have, in the order of the first."""
    headers = {file: read_header(file) for file in files}
    _check_names(headers)
    return headers[files[0]]


def parquet_schema(files: Sequence[Path]) -> pa.Schema:
    """Return the columns that all files have, with types that hold the values of each."""
    schemas = {file: stored_schema(file) for file in files}
    _check_names({file: list(schema.names) for file, schema in schemas.items()})
    together = schemas[files[0]]
    for file, schema in schemas.items():
        together = pa.schema([(f.name, _together(f, schema.field(f.name), files[0], file)) for f in together])
    return together


def _together(one: pa.Field, other: pa.Field, first: Path, file: Path) -> pa.DataType:
    kind = common_type(one.type, other.type)
    if kind is None:
        raise DataError(
            found=f"{file}: the column {one.name!r} is {other.type}, and {one.type} in {first} or a file after it",
            expected="one type in all files",
            do="Write the files with the same types",
        )
    return kind


def _check_names(headers: dict[Path, list[str]]) -> None:
    first, names = next(iter(headers.items()))
    for file, header in headers.items():
        if problem := _problem(header):
            raise DataError(
                found=f"{file}: {problem}", expected="a name of its own for every column", do="Correct the header"
            )
        if {*header} != {*names}:
            raise DataError(
                found=f"{file} {_difference(header, names)}, unlike {first}",
                expected="the same columns in all files of a source",
                do="Correct the header, or give the files a source of their own",
            )


def _problem(header: Sequence[str]) -> str:
    if not header:
        return "there are no columns"
    if blank := [str(i) for i, name in enumerate(header, start=1) if not name.strip()]:
        return f"column {', '.join(blank)} has no name"
    twice = sorted({name for name in header if header.count(name) > 1})
    return f"two columns are called {', '.join(map(repr, twice))}" if twice else ""


def _difference(header: Sequence[str], names: Sequence[str]) -> str:
    lacks, adds = sorted({*names} - {*header}), sorted({*header} - {*names})
    return " and ".join([*([f"lacks {lacks}"] if lacks else []), *([f"has {adds} in addition"] if adds else [])])


def _gather(parts: Iterable[tuple[Part, int]], size: int) -> list[Piece]:
    return [Piece(number, found) for number, found in enumerate(_runs(parts, size))]


def _runs(parts: Iterable[tuple[Part, int]], size: int) -> Iterator[tuple[Part, ...]]:
    run, together = list[Part](), 0
    for part, weight in parts:
        if run and together + weight > size:
            yield tuple(run)
            run, together = [], 0
        run.append(part)
        together += weight
    if run:
        yield tuple(run)
