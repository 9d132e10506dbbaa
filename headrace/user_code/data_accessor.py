"""How a user's module reads examples, whatever file format they are stored in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import tensorflow as tf
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio.dataset_options import RecordBatchesOptions, TensorFlowDatasetOptions

from headrace.errors import UserCodeError
from headrace.user_code.datasets import Rows, dataset
from headrace.user_code.tensors import stored_form


@dataclass(frozen=True)
class DataAccessor:
    """Readers of examples in Parquet or TFRecord; `seed` orders what is shuffled without a seed of its own."""

    seed: int = 0

    def tf_dataset_factory(
        self,
        file_pattern: str | Sequence[str],
        options: TensorFlowDatasetOptions,
        schema: schema_pb2.Schema | None = None,
    ) -> tf.data.Dataset:
        """Read batches of (features, label), or of features where `options` name no label.

        As in TFX: shuffled unless `shuffle=False`, endless unless `num_epochs` is given.
        """
        seed = self.seed if options.shuffle_seed is None else options.shuffle_seed
        return dataset(_patterns(file_pattern), options, _given(schema), seed)

    def record_batch_factory(
        self,
        file_pattern: str | Sequence[str],
        options: RecordBatchesOptions,
        schema: schema_pb2.Schema | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Read Arrow batches, every column a large list."""
        seed = self.seed if options.shuffle_seed is None else options.shuffle_seed
        for chunk in Rows(_patterns(file_pattern), options, _given(schema), seed).chunks():
            for start in range(0, chunk.num_rows, options.batch_size):
                yield chunk.slice(start, options.batch_size)


def _patterns(file_pattern: str | Sequence[str]) -> list[str]:
    return [file_pattern] if isinstance(file_pattern, str) else list(file_pattern)


def _given(schema: schema_pb2.Schema | None) -> schema_pb2.Schema:
    if schema is None:
        raise UserCodeError(
            found="a data accessor called without a schema",
            expected="the schema of the rows, which says which of them are dense, sparse or ragged",
            do="Pass tft_output.transformed_metadata.schema, or the Schema that you parsed from fn_args.schema_path",
        )
    return stored_form(schema)
