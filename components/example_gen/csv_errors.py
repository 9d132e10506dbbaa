"""Finds the line at which a CSV file cannot be read, after Arrow refused it: slow, and only then."""

import csv
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from headrace.errors import DataError

_UTF8 = "text in UTF-8"


def explain(file: Path, error: Exception) -> DataError:
    """Return what is wrong with a file, with the line where there is one."""
    try:
        if not file.stat().st_size:
            return _refused(
                file, "the file is empty", "a header and rows", "Bring the data again, or take the file away"
            )
        return _first_fault(file) or _as_arrow_said(file, error)
    except UnicodeDecodeError as fault:
        return _refused(
            file, f"{fault.reason}: byte 0x{fault.object[fault.start]:02x}", _UTF8, "Convert the file to UTF-8"
        )
    except (OSError, EOFError, zlib.error) as fault:
        what = getattr(fault, "strerror", None) or f"{fault}" or type(fault).__name__
        return _refused(file, what, "a file that can be read to its end", "Bring the data again")


def _first_fault(file: Path) -> DataError | None:
    limit = csv.field_size_limit(sys.maxsize)
    rows = csv.reader(_lines(file))
    try:
        header: list[str] = next(rows, [])
        begins = rows.line_num + 1
        for row in rows:
            if row and len(row) != len(header):
                where = f"line {begins}" if begins == rows.line_num else f"lines {begins} to {rows.line_num}"
                return _refused(
                    file,
                    f"{where}: {_fields(len(row))}",
                    f"{_fields(len(header))}, as in the header",
                    "Correct the line: a missing field, a comma that needs quotes, or a quote that is never closed",
                )
            begins = rows.line_num + 1
    except csv.Error as fault:
        return _refused(file, f"line {rows.line_num}: {fault}", "rows of comma-separated fields", "Correct the line")
    finally:
        csv.field_size_limit(limit)
    return None


def _fields(number: int) -> str:
    return f"{number} field" if number == 1 else f"{number} fields"


def _lines(file: Path) -> Iterator[str]:
    with _open(file) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as fault:
                fault.reason = f"line {number} is not text in UTF-8"
                raise


def _open(file: Path) -> BinaryIO:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]  # GzipFile reads


def _as_arrow_said(file: Path, error: Exception) -> DataError:
    return _refused(file, " ".join(str(error).split()), "a CSV file", "Correct the file")


def _refused(file: Path, found: str, expected: str, do: str) -> DataError:
    return DataError(found=f"{file}: {found}", expected=expected, do=do)
