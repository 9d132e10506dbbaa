"""Which rows are in which slice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from components.evaluator.config import Slicing
from headrace.artifacts.large_lists import is_list
from headrace.errors import DataError
from headrace.serving.encode import flatten

OVERALL = "overall"
MISSING = "missing"
MOST_SLICES = 1000


@dataclass(frozen=True)
class Slice:
    """Some rows, by what they have in common."""

    name: str
    by: tuple[str, ...]
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A column to slice by: each row's value as an index into the different `values`."""

    values: Sequence[str]
    codes: npt.NDArray[np.int64]


def slices_of(columns: Mapping[str, Column], slicings: Sequence[Slicing], rows: int) -> Iterator[Slice]:
    """Yield all rows, then the slices of each slicing that hold a row, by name."""
    yield Slice(OVERALL, (), np.arange(rows))
    for slicing in slicings if rows else ():
        yield from sorted(_cross(columns, slicing), key=lambda found: found.name)


def _cross(columns: Mapping[str, Column], slicing: Slicing) -> Iterator[Slice]:
    crossed = [columns[name] for name in slicing.by]
    sizes = [len(column.values) for column in crossed]
    kinds, members = np.unique(np.ravel_multi_index([column.codes for column in crossed], sizes), return_inverse=True)
    if len(kinds) > MOST_SLICES:
        raise DataError(
            found=f"{len(kinds)} slices by {' x '.join(slicing.by)}",
            expected=f"at most {MOST_SLICES}",
            do="Cut numbers with Slicing(bins=...), or slice by another column",
        )
    order = np.argsort(members, kind="stable")
    ends = np.cumsum(np.bincount(members, minlength=len(kinds)))
    for kind, rows in zip(kinds, np.split(order, ends[:-1]), strict=True):
        values = [column.values[int(code)] for column, code in zip(crossed, np.unravel_index(kind, sizes), strict=True)]
        yield Slice(
            ", ".join(f"{name}={value}" for name, value in zip(slicing.by, values, strict=True)), slicing.by, rows
        )


class ColumnMaker:
    """Gathers a column batch by batch; with edges, a number's value is its bin."""

    def __init__(self, name: str, edges: Sequence[float]) -> None:
        self.name, self.edges = name, edges
        self.known: dict[str, int] = {}
        self.codes: list[npt.NDArray[np.int64]] = []

    def add(self, column: pa.Array) -> None:
        texts = self._binned(column) if self.edges else _texts(self.name, column)
        kinds = [self.known.setdefault(text or MISSING, len(self.known)) for text in texts.dictionary.to_pylist()]
        codes = np.asarray(texts.indices.fill_null(-1), dtype=np.int64)
        if texts.null_count:
            kinds.append(self.known.setdefault(MISSING, len(self.known)))
        self.codes.append(np.array(kinds, dtype=np.int64)[codes])

    def made(self) -> Column:
        return Column(list(self.known), np.concatenate(self.codes) if self.codes else np.zeros(0, dtype=np.int64))

    def _binned(self, column: pa.Array) -> pa.DictionaryArray:
        values = single(self.name, column)
        try:
            numbers = np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
        except pa.ArrowInvalid as error:
            raise DataError(
                found=f"bins for the column {self.name!r} of type {values.type}",
                expected="numbers",
                do="Slice by it without bins",
            ) from error
        between = [f"{low:g}..{high:g}" for low, high in pairwise(self.edges)]
        labels = [f"<{self.edges[0]:g}", *between, f">={self.edges[-1]:g}"]
        missing = np.isnan(numbers)
        indices = pa.array(np.searchsorted(self.edges, numbers, side="right"), pa.int32(), mask=missing)
        return pa.DictionaryArray.from_arrays(indices, pa.array(labels))


def _texts(name: str, column: pa.Array) -> pa.DictionaryArray:
    """Encode a column's values as texts; whole floats lose their point, as missing values make floats of integers."""
    encoded = single(name, column).dictionary_encode()
    texts = [_text(value) for value in encoded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(texts, pa.string()))


def _text(value: object) -> str:
    match value:
        case bytes():
            return value.decode(errors="replace")
        case float():
            return MISSING if isnan(value) else f"{value:.15g}"
        case _:
            return str(value)


def single(name: str, column: pa.Array) -> pa.Array:
    """Take a column of at most one value per row out of its lists."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not is_list(column.type):
        return column
    values, per_row = flatten(name, column)
    if per_row != 1:
        raise DataError(
            found=f"{per_row} values per row in the column {name!r}",
            expected="one, to slice or to label by",
            do="Choose another column",
        )
    return values
