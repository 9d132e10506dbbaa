"""Reads Parquet files in bounded memory, with the column types that examples hold."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from headrace.errors import DataError

BATCH_ROWS = 65_536


def open_file(file: Path) -> pq.ParquetFile:
    """Open a file; raises DataError where it is no whole Parquet file."""
    try:
        return pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from error


def read_groups(file: Path, groups: Sequence[int], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of row groups; columns in the order of `schema`, each with the type that the file gives it."""
    opened = open_file(file)
    try:
        for batch in opened.iter_batches(batch_size=BATCH_ROWS, row_groups=list(groups), columns=schema.names):
            yield _stored(file, batch, schema.names)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from error


def stored_schema(file: Path) -> pa.Schema:
    """Return the columns of a file with the types in which examples hold them; raises DataError for one without."""
    schema = open_file(file).schema_arrow
    if unfit := [f"{field.name} ({field.type})" for field in schema if stored_type(field.type) is None]:
        raise DataError(
            found=f"{file} has {', '.join(unfit)}",
            expected="numbers, booleans, text, bytes, dates and timestamps, and lists of them",
            do="Flatten or convert these columns, or leave them out of the file",
        )
    return pa.schema([(field.name, stored_type(field.type)) for field in schema])


def stored_type(kind: pa.DataType) -> pa.DataType | None:
    """Return the type in which examples hold a column: dates and timestamps become seconds since 1970."""
    is_ = pa.types
    if is_.is_dictionary(kind):
        return stored_type(kind.value_type)
    if is_.is_list(kind) or is_.is_large_list(kind) or is_.is_fixed_size_list(kind):
        value = stored_type(kind.value_type)
        return None if value is None or is_.is_list(value) or is_.is_null(value) else pa.list_(value)
    if is_.is_integer(kind) or is_.is_boolean(kind) or is_.is_date(kind) or is_.is_timestamp(kind):
        return pa.int64()
    if is_.is_float32(kind) or is_.is_null(kind):
        return kind
    if is_.is_float64(kind) or is_.is_decimal(kind):
        return pa.float64()
    if is_.is_string(kind) or is_.is_large_string(kind):
        return pa.string()
    return pa.binary() if is_.is_binary(kind) or is_.is_large_binary(kind) or is_.is_fixed_size_binary(kind) else None


def common_type(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    """Return a type that holds the values of both, None where there is none."""
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if pa.types.is_list(one) and pa.types.is_list(other):
        value = common_type(one.value_type, other.value_type)
        return value and pa.list_(value)
    numbers = {pa.int64(), pa.float32(), pa.float64()}
    return pa.float64() if {one, other} <= numbers else None


def _stored(file: Path, batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
    columns = []
    for name in names:
        column = batch.column(batch.schema.get_field_index(name))
        try:
            columns.append(_convert(column))
        except pa.ArrowInvalid as error:
            raise DataError(
                found=f"{file}, column {name!r}: {error}",
                expected="whole numbers of at most 64 bits with a sign",
                do="Convert the column to text or to a float",
            ) from error
        if pa.types.is_list(columns[-1].type) and columns[-1].flatten().null_count:
            raise DataError(
                found=f"{file}, column {name!r}: a missing value inside a list",
                expected="lists of values",
                do="Leave missing values out of the lists",
            )
    return pa.RecordBatch.from_arrays(columns, names=list(names))


def _convert(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("s"), safe=False)
    return column.cast(stored_type(column.type))


def _damaged(file: Path, error: Exception) -> DataError:
    return DataError(
        found=f"{file}: {' '.join(str(error).split())}", expected="a whole Parquet file", do="Bring the data again"
    )
