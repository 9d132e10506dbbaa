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
        return first_fault(file) or _refused(file, " ".join(str(error).split()), "a CSV file", "Correct the file")
    except UnicodeDecodeError as fault:
        return _refused(
            file, f"{fault.reason}: byte 0x{fault.object[fault.start]:02x}", _UTF8, "Convert the file to UTF-8"
        )
    except (OSError, EOFError, zlib.error) as fault:
        what = getattr(fault, "strerror", None) or f"{fault}" or type(fault).__name__
        return _refused(file, what, "a file that can be read to its end", "Bring the data again")


def first_fault(file: Path) -> DataError | None:
    """Return the first row that has not as many fields as the header, or whose last quote is never closed."""
    limit = csv.field_size_limit(sys.maxsize)
    try:
        with _open(file) as stream:
            return _fault_among(_Records(stream), file)
    finally:
        csv.field_size_limit(limit)


def _fault_among(records: "_Records", file: Path) -> DataError | None:
    header: list[str] = []
    try:
        for row in records:
            header = header or row
            if records.is_open:
                return _refused(
                    file,
                    f"line {records.begins}: a quote that is never closed",
                    "two quotes around a field, and two for one inside it",
                    "Close or remove the quote",
                )
            if row and len(row) != len(header):
                return _refused(
                    file,
                    f"line {records.begins}: {_fields(len(row))}",
                    f"{_fields(len(header))}, as in the header",
                    "Correct the line: a field is missing, or a comma needs quotes around its field",
                )
    except csv.Error as fault:
        return _refused(file, f"line {records.begins}: {fault}", "rows of comma-separated fields", "Correct the line")
    return None


class _Records:
    """The rows of a file, and the line at which the current one begins; `is_open` when a quote of it never closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._read = stream, list[str]()
        self.begins, self.is_open = 1, False

    def __iter__(self) -> Iterator[list[str]]:
        rows = csv.reader(self._lines())
        for row in rows:
            self.is_open = "".join(self._read).count('"') % 2 == 1 and _quoted(row)
            yield row
            self.begins, self._read = rows.line_num + 1, []

    def _lines(self) -> Iterator[str]:
        for number, line in enumerate(self._stream, start=1):
            try:
                self._read.append(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as fault:
                fault.reason = f"line {number} is not text in UTF-8"
                raise
            yield self._read[-1]


def _quoted(row: list[str]) -> bool:
    """Tell whether a row ends inside quotes, if its quotes are odd: a quote in the middle of a field is a character."""
    return bool(row) and "\n" in row[-1]


def _fields(number: int) -> str:
    return f"{number} field" if number == 1 else f"{number} fields"


def _open(file: Path) -> BinaryIO:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]  # GzipFile reads


def _refused(file: Path, found: str, expected: str, do: str) -> DataError:
    return DataError(found=f"{file}: {found}", expected=expected, do=do)
