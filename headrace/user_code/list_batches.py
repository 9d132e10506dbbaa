"""Files of examples as Arrow batches in the form that TFT, TFDV and tfx-bsl take: every column a large list.

A row of a column is the list of its values, null where the column is missing. A Parquet file may hold plain columns,
whose rows are lists of one; a TFRecord file holds tf.Examples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.coders import example_coder

from headrace.artifacts.examples_reader import BATCH_ROWS, RECORD_ROWS
from headrace.artifacts.large_lists import to_large_lists
from headrace.artifacts.tfrecords import read_records
from headrace.errors import DataError

VALUE_TYPES = {schema_pb2.FLOAT: pa.float32(), schema_pb2.INT: pa.int64(), schema_pb2.BYTES: pa.large_binary()}


@dataclass(frozen=True)
class Portion:
    """What is read at once: a row group of a Parquet file, or a whole TFRecord file."""

    file: str
    row_group: int | None


def portions(patterns: Sequence[str]) -> list[Portion]:
    """Find what there is to read, in the order of the files."""
    files = sorted(file for pattern in patterns for file in glob(pattern))
    if not files:
        raise DataError(
            found=f"no file matches {list(patterns)}",
            expected="the files of a split, Parquet or TFRecord",
            do="Check that the split exists; fn_args.train_files and eval_files name those of train_args and eval_args",
        )
    return [portion for file in files for portion in _portions_of(file)]


def _portions_of(file: str) -> list[Portion]:
    if not file.endswith(".parquet"):
        return [Portion(file, None)]
    try:
        return [Portion(file, group) for group in range(pq.ParquetFile(file).num_row_groups)]
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            found=f"{file} is not a readable Parquet file ({error})",
            expected="a file that an ExampleGen or a Transform wrote",
            do="Run the node again that made it",
        ) from error


def read(portion: Portion, schema: schema_pb2.Schema) -> Iterator[pa.RecordBatch]:
    """Read the columns that the schema names, as lists of the types that it names."""
    if portion.row_group is None:
        decoder = example_coder.ExamplesToRecordBatchDecoder(schema.SerializeToString())
        records = read_records(Path(portion.file))
        while chunk := list(islice(records, RECORD_ROWS)):
            yield decoder.DecodeBatch(chunk)
        return
    file = pq.ParquetFile(portion.file)
    present = set(file.schema_arrow.names)
    columns = [feature.name for feature in schema.feature if feature.name in present]
    for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[portion.row_group], columns=columns):
        yield as_lists(batch, schema)


def as_lists(batch: pa.RecordBatch, schema: schema_pb2.Schema) -> pa.RecordBatch:
    """Turn each column into lists of what the schema says; a column that is not there is missing in every row."""
    lists = to_large_lists(batch)
    arrays = [_typed(lists, feature) for feature in schema.feature]
    return pa.RecordBatch.from_arrays(arrays, [feature.name for feature in schema.feature])


def _typed(lists: pa.RecordBatch, feature: schema_pb2.Feature) -> pa.Array:
    wanted = pa.large_list(VALUE_TYPES[feature.type])
    position = lists.schema.get_field_index(feature.name)
    if position < 0 or pa.types.is_null(lists.schema.types[position]):
        return pa.nulls(lists.num_rows, wanted)
    column = lists.column(position)
    if column.type == wanted:
        return column
    try:
        return column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(
            found=f"the column {feature.name!r} holds {column.type.value_type} ({error})",
            expected=f"values that fit {schema_pb2.FeatureType.Name(feature.type)} of the schema",
            do="Correct the schema, or the data",
        ) from error
