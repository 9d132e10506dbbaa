"""Files of examples as a `tf.data.Dataset`: shuffled and cut in Arrow, sliced into batches in TensorFlow."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import tensorflow as tf
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio.dataset_options import RecordBatchesOptions, TensorFlowDatasetOptions

from headrace.errors import DataError
from headrace.user_code.kept_errors import kept
from headrace.user_code.list_batches import Portion, portions, read
from headrace.user_code.tensors import Tensor, Tensors

CHUNK = 8_192
"""The rows that are converted at once when they are not shuffled."""

Options: TypeAlias = TensorFlowDatasetOptions | RecordBatchesOptions


def dataset(
    patterns: Sequence[str], options: TensorFlowDatasetOptions, schema: schema_pb2.Schema, seed: int
) -> tf.data.Dataset:
    """Make batches of a dict of features, or of (dict, label) with `label_key`; endless with `num_epochs=None`.

    The order depends on the seed and on how often the dataset was iterated before, and on nothing else.
    """
    tensors, found, iterations = Tensors(schema), portions(patterns), count()
    check_label(options.label_key, tensors.specs)

    def chunks_of_tensors() -> Iterator[Mapping[str, Tensor]]:
        with kept():
            for rows in chunks(found, options, schema, (seed, next(iterations))):
                yield tensors.of(rows)

    chunked = tf.data.Dataset.from_generator(chunks_of_tensors, output_signature=tensors.specs)
    batched = chunked.flat_map(lambda chunk: _slices(chunk, options.batch_size))
    if options.label_key is not None:
        batched = batched.map(lambda features: _split_label(features, options.label_key))
    return batched.prefetch(options.prefetch_buffer_size)


def check_label(label: str | None, features: Mapping[str, object]) -> None:
    if label is not None and label not in features:
        raise DataError(
            found=f"label_key={label!r}, but the features are {sorted(features)}",
            expected="the label to be one of them",
            do="Correct label_key, or let preprocessing_fn put the label out",
        )


def chunks(
    found: Sequence[Portion], options: Options, schema: schema_pb2.Schema, seed: tuple[int, int]
) -> Iterator[pa.RecordBatch]:
    """Cut the rows into chunks of whole batches; only the last may end in a part of one."""
    random = np.random.default_rng(seed)
    capacity = max(options.batch_size, options.shuffle_buffer_size if options.shuffle else CHUNK)
    pending: list[pa.RecordBatch] = []
    for batch in _epochs(found, options, schema, random):
        pending.append(batch)
        if sum(rows.num_rows for rows in pending) < capacity:
            continue
        rows = _together(pending, random if options.shuffle else None)
        whole = rows.num_rows - rows.num_rows % options.batch_size
        yield from _cut(rows.slice(0, whole), capacity - capacity % options.batch_size)
        pending = [rows.slice(whole)]
    if pending:
        rest = _together(pending, random if options.shuffle else None)
        kept = rest.num_rows - (rest.num_rows % options.batch_size if options.drop_final_batch else 0)
        if kept:
            yield from _cut(rest.slice(0, kept), capacity - capacity % options.batch_size)


def _epochs(
    found: Sequence[Portion], options: Options, schema: schema_pb2.Schema, random: np.random.Generator
) -> Iterator[pa.RecordBatch]:
    for _ in count() if options.num_epochs is None else range(options.num_epochs):
        order = random.permutation(len(found)) if options.shuffle else range(len(found))
        rows = 0
        for position in order:
            for batch in read(found[position], schema):
                rows += batch.num_rows
                yield batch
        if not rows:
            raise DataError(
                found=f"no rows in {sorted({portion.file for portion in found})}",
                expected="at least one row to train or evaluate on",
                do="Check the splits, and what was filtered out before",
            )


def _together(batches: Sequence[pa.RecordBatch], random: np.random.Generator | None) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).combine_chunks()
    if random is not None:
        table = table.take(pa.array(random.permutation(table.num_rows)))
    (batch,) = table.combine_chunks().to_batches() or [batches[0]]
    return batch


def _cut(rows: pa.RecordBatch, size: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, rows.num_rows, size):
        yield rows.slice(start, size)


def _slices(chunk: Mapping[str, Tensor], size: int) -> tf.data.Dataset:
    """Cut a chunk into batches."""
    rows = _rows(next(iter(chunk.values())))
    step = tf.constant(size, tf.int64)
    starts = tf.data.Dataset.range(0, rows, step)
    return starts.map(lambda start: {name: _rows_of(tensor, start, step) for name, tensor in chunk.items()})


def _rows(tensor: Tensor) -> tf.Tensor:
    if isinstance(tensor, tf.SparseTensor):
        return tensor.dense_shape[0]
    return tensor.nrows(tf.int64) if isinstance(tensor, tf.RaggedTensor) else tf.shape(tensor, tf.int64)[0]


def _rows_of(tensor: Tensor, start: tf.Tensor, size: tf.Tensor) -> Tensor:
    if not isinstance(tensor, tf.SparseTensor):
        return tensor[start : start + size]
    rank = tensor.shape.rank
    first = tf.concat([[start], tf.zeros([rank - 1], tf.int64)], 0)
    extent = tf.concat([[size], tensor.dense_shape[1:]], 0)
    return tf.sparse.slice(tensor, first, extent)


def _split_label(features: Mapping[str, Tensor], label: str) -> tuple[dict[str, Tensor], Tensor]:
    return {name: tensor for name, tensor in features.items() if name != label}, features[label]
