"""Which split a row goes to: a hash of its own content, the same on every machine and in every version.

A missing value adds nothing, and columns are added up, so neither the order of columns nor an empty column matters.
Values of a CSV file count as they are written (the type of a column depends on other rows), others by their value.
"""

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes: TypeAlias = npt.NDArray[np.uint64]


def mix(hashes: Hashes) -> Hashes:
    """Spread every bit over all others: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


_BYTES = mix(np.arange(1, 257, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
_BASE = np.uint64(0x100000001B3)


def assign(hashes: Hashes, splits: Mapping[str, int]) -> npt.NDArray[np.intp]:
    """Return the position of each row's split: `{"train": 2, "eval": 1}` gives two thirds to the first."""
    parts = np.cumsum([*splits.values()])
    return np.searchsorted(parts, (hashes % np.uint64(parts[-1])).astype(np.int64), side="right")


def hash_rows(batch: pa.RecordBatch, only: str | None = None) -> Hashes:
    """Hash every row, or its value of one column."""
    hashes: Hashes = np.zeros(batch.num_rows, np.uint64)
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if only in (None, name):
            present = column.is_valid().to_numpy(zero_copy_only=False)
            hashes += np.where(present, mix(_hash_column(column) ^ _seed(name)), np.uint64(0))
    return mix(hashes)


def _seed(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


def _hash_column(column: pa.Array) -> Hashes:
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.uint64)
    if pa.types.is_list(column.type):
        ends = column.offsets.to_numpy().astype(np.int64)
        return _hash_runs(_hash_column(column.values)[ends[0] : ends[-1]], ends - ends[0])
    if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
        ends, data = _text_of(column)
        return _hash_runs(_BYTES[data], ends)
    if pa.types.is_floating(column.type):
        values = column.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False) + 0.0  # -0.0 is 0.0
        return mix(np.where(np.isnan(values), np.nan, values).view(np.uint64))
    return mix(column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64))


def _text_of(column: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    found = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return ends - ends[0], found[ends[0] : ends[-1]]


def _hash_runs(hashes: Hashes, ends: npt.NDArray[np.int64]) -> Hashes:
    """Hash runs of hashes as polynomials: sum of hash times base to the power of its place, and the length."""
    lengths = np.diff(ends)
    powers = np.cumprod(np.full(int(lengths.max(initial=0)) + 1, _BASE, np.uint64))
    places = np.arange(len(hashes)) - np.repeat(ends[:-1], lengths)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(hashes * powers[places], dtype=np.uint64)))
    return mix(sums[ends[1:]] - sums[ends[:-1]] + lengths.astype(np.uint64))
