"""Two forms of a batch: as stored (a value a row, or a list), and as TFDV and TFT take it (a list in every row).

The second is tfxio's: `large_list` of int64, float32 or large_binary; a missing value is a null.
"""

import numpy as np
import pyarrow as pa

from headrace.errors import DataError


def list_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that a stored column has as lists; a column that holds nothing stays of type null."""
    if pa.types.is_null(kind):
        return kind
    value = kind.value_type if is_list(kind) else kind
    if pa.types.is_integer(value):
        return pa.large_list(pa.int64())
    return pa.large_list(pa.float32() if pa.types.is_floating(value) else pa.large_binary())


def to_large_lists(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put every value into a list of its own."""
    columns = [_as_lists(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def from_large_lists(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Take single values out of their lists, where the schema has a value a row, and fill in columns that lack."""
    columns = [_as_stored(batch, field) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _as_lists(column: pa.Array) -> pa.Array:
    wanted = list_type(column.type)
    if pa.types.is_null(wanted):
        return column
    if is_list(column.type):
        return column.cast(wanted)
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    ends = np.cumsum(valid, dtype=np.int64)
    starts = pa.array(np.concatenate(([0], ends)), mask=np.append(~valid, False) if column.null_count else None)
    return pa.LargeListArray.from_arrays(starts, column.drop_null().cast(wanted.value_type))


def _as_stored(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    position = batch.schema.get_field_index(field.name)
    if position < 0 or pa.types.is_null(batch.schema.types[position]):
        return pa.nulls(batch.num_rows, field.type)
    column = batch.column(position)
    if is_list(field.type) or not is_list(column.type):
        return column.cast(field.type)
    counts = column.value_lengths().fill_null(0).to_numpy()
    if counts.max(initial=0) > 1:
        raise DataError(
            found=f"{counts.max()} values of {field.name!r} in one row",
            expected=f"at most one, as its type is {field.type}",
            do="Store it as a list column",
        )
    taken = np.where(counts > 0, np.cumsum(counts) - counts, 0)
    values = column.flatten()
    return (
        values.take(pa.array(taken, mask=counts == 0)).cast(field.type)
        if len(values)
        else pa.nulls(len(column), field.type)
    )
