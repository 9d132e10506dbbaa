"""Rows of Arrow as a signature takes them: serialised tf.Examples, or one array per feature."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from tfx_bsl.coders import example_coder

from headrace.artifacts.large_lists import is_list, to_large_lists
from headrace.errors import DataError


def to_examples(batch: pa.RecordBatch) -> list[bytes]:
    """Encode every row as a tf.Example: integers as int64, other numbers as float32, texts as UTF-8.

    A missing value is a feature without values.
    """
    lists = to_large_lists(batch)
    kept = [
        name for name, kind in zip(lists.schema.names, lists.schema.types, strict=True) if not pa.types.is_null(kind)
    ]
    encoded: list[bytes] = example_coder.RecordBatchToExamplesEncoder().encode(keep(lists, kept))
    return encoded


def keep(batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
    """Take some columns of a batch."""
    return pa.RecordBatch.from_arrays([batch.column(name) for name in names], names=list(names))


_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)


def to_array(
    name: str, column: pa.Array, dtype: npt.DTypeLike, width: tuple[int | None, ...]
) -> npt.NDArray[np.generic]:
    """Turn a column into an array `[rows, *width]` of a type.

    A missing value is NaN in a float and an empty text in a string. In an integer it is the lowest one where the
    signature leaves open how many values a row has, as `headrace.keras.export` saves it; elsewhere it is refused.
    A list must have the same number of values in each row.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    per_row = 1
    rows = len(column)
    if is_list(column.type):
        column, per_row = flatten(name, column)
    wanted = [size for size in width if size is not None]
    if len(width) > 1 or (not width and per_row != 1) or (wanted and wanted != [per_row]):
        raise DataError(
            found=f"{per_row} values per row in the column {name!r}",
            expected=f"the shape {['rows', *width]} of the model's signature",
            do="Feed the examples that the model was made for, or change the signature",
        )
    kind = np.dtype(dtype)
    if kind.kind == "i" and width == (None,):
        column = pc.fill_null(column, np.iinfo(kind).min)
    return _values(name, column, kind).reshape(rows, *([per_row] if width else []))


def flatten(name: str, column: pa.Array) -> tuple[pa.Array, int]:
    """Take the values out of lists of equal length; a missing list counts as one missing value."""
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    sizes = set(pc.unique(lengths).to_pylist()) - {0}
    if len(sizes) > 1 or (0 in pc.unique(lengths).to_pylist() and sizes - {1}):
        raise DataError(
            found=f"lists of different lengths in the column {name!r}",
            expected="the same number of values in every row, or at most one",
            do="Give the model a signature that takes tf.Examples",
        )
    if sizes in (set(), {1}):
        has_one = pc.equal(lengths, 1).to_numpy(zero_copy_only=False)
        indices = np.where(has_one, np.cumsum(has_one) - 1, 0)
        return column.flatten().take(pa.array(indices, mask=~has_one)), 1
    return column.flatten(), sizes.pop()


def _values(name: str, column: pa.Array, dtype: np.dtype[np.generic]) -> npt.NDArray[np.generic]:
    is_text = any(test(column.type) for test in _TEXTS)
    if is_text != (dtype.kind in "OSU"):
        raise DataError(
            found=f"the column {name!r} of type {column.type}",
            expected=f"the {'text' if dtype.kind in 'OSU' else dtype.name} of the model's signature",
            do="Feed the examples that the model was made for, or change the signature",
        )
    if is_text:
        return np.array(pc.fill_null(column.cast(pa.binary()), b"").to_pylist(), dtype=object)
    if column.null_count and dtype.kind != "f":
        raise DataError(
            found=f"{column.null_count} missing values in the column {name!r}",
            expected=f"a value in every row, as the model's signature takes {dtype.name}",
            do="Give the model a signature that takes tf.Examples, or fill the values in",
        )
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype(dtype)
