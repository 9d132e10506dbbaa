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

Options: TypeAlias = TensorFlowDatasetOptions | RecordBatchesOptions


def dataset(
    patterns: Sequence[str], options: TensorFlowDatasetOptions, schema: schema_pb2.Schema, seed: int
) -> tf.data.Dataset:
    """Make batches of a dict of features, or of (dict, label) with `label_key`; endless with `num_epochs=None`."""
    tensors, rows = Tensors(schema), Rows(patterns, options, schema, seed)
    check_label(options.label_key, tensors.specs)

    def chunks_of_tensors() -> Iterator[Mapping[str, Tensor]]:
        with kept():
            for chunk in rows.chunks():
                yield tensors.of(chunk)

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


class Rows:
    """The rows of a split, as often as they are asked for; a split that fits into one buffer is read once."""

    def __init__(self, patterns: Sequence[str], options: Options, schema: schema_pb2.Schema, seed: int) -> None:
        self._portions, self._options, self._schema, self._seed = portions(patterns), options, schema, seed
        self._passes = count()
        self._held: pa.RecordBatch | None = None

    def chunks(self) -> Iterator[pa.RecordBatch]:
        """Cut the rows into chunks of whole batches; only the last may end in a part of one.

        The order depends on the seed and on how often the rows were asked for before, and on nothing else.
        """
        random = np.random.default_rng((self._seed, next(self._passes)))
        size, rest = self._options.batch_size, None
        for _ in count() if self._options.num_epochs is None else range(self._options.num_epochs):
            for buffer in self._epoch(random):
                rows = buffer if rest is None else _together([rest, buffer])
                whole = rows.num_rows - rows.num_rows % size
                if whole:
                    yield rows.slice(0, whole)
                rest = rows.slice(whole) if whole < rows.num_rows else None
        if rest is not None and not self._options.drop_final_batch:
            yield rest

    def _epoch(self, random: np.random.Generator) -> Iterator[pa.RecordBatch]:
        if not self._options.shuffle:
            yield from self._buffers(self._portions)
            return
        order = random.permutation(len(self._portions))
        for buffer in self._buffers([self._portions[position] for position in order]):
            yield buffer.take(pa.array(random.permutation(buffer.num_rows)))

    def _buffers(self, found: Sequence[Portion]) -> Iterator[pa.RecordBatch]:
        if self._held is not None:
            yield self._held
            return
        capacity = self._options.shuffle_buffer_size if self._options.shuffle else self._options.batch_size
        buffers, pending, rows = 0, list[pa.RecordBatch](), 0
        for batch in (batch for portion in found for batch in read(portion, self._schema)):
            pending.append(batch)
            rows += batch.num_rows
            if rows >= capacity:
                yield _together(pending)
                buffers, pending, rows = buffers + 1, [], 0
        if not buffers and rows:
            self._held = _together(pending)
        if not buffers and not rows:
            raise DataError(
                found=f"no rows in {sorted({portion.file for portion in found})}",
                expected="at least one row to train or evaluate on",
                do="Check the splits, and what was filtered out before",
            )
        if rows:
            yield _together(pending)


def _together(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    (batch,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return batch


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
