"""Arrow batches as tensors, by the schema: dense where it gives a shape, ragged where it says so, else sparse."""

from collections.abc import Mapping
from typing import TypeAlias

import pyarrow as pa
import tensorflow as tf
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.tfxio import tensor_adapter, tensor_representation_util

from headrace.errors import DataError
from headrace.user_code.list_batches import VALUE_TYPES

RAGGED_VALUES = "$ragged_values"
Tensor: TypeAlias = tf.Tensor | tf.SparseTensor | tf.RaggedTensor


class Tensors:
    """The conversion for one schema."""

    def __init__(self, schema: schema_pb2.Schema) -> None:
        representations = tensor_representation_util.InferTensorRepresentationsFromMixedSchema(schema)
        fields = [(feature.name, pa.large_list(VALUE_TYPES[feature.type])) for feature in schema.feature]
        self.config = tensor_adapter.TensorAdapterConfig(pa.schema(fields), representations)
        self._ragged = any(kind.WhichOneof("kind") == "ragged_tensor" for kind in representations.values())
        self._adapter = tensor_adapter.TensorAdapter(self.config)

    @property
    def specs(self) -> dict[str, tf.TypeSpec]:
        return dict(self._adapter.OriginalTypeSpecs())

    def of(self, batch: pa.RecordBatch) -> Mapping[str, Tensor]:
        """Convert one batch in list form."""
        try:
            return dict(
                self._adapter.ToBatchTensors(_whole(batch) if self._ragged else batch, produce_eager_tensors=True)
            )
        except ValueError as error:
            raise DataError(
                found=f"rows that do not fit the schema: {error}" + _missing(batch),
                expected="one value in every row of a feature with a fixed shape",
                do="Give such a feature no shape in the schema, so that it may be missing, or fill it before",
            ) from error


def stored_form(schema: schema_pb2.Schema) -> schema_pb2.Schema:
    """Name ragged features as they are stored: `words`, where TFT's schema speaks of the values inside tf.Examples."""
    stored = schema_pb2.Schema.FromString(schema.SerializeToString())
    for feature in stored.feature:
        feature.name = feature.name.removesuffix(RAGGED_VALUES)
    for group in stored.tensor_representation_group.values():
        for name, representation in group.tensor_representation.items():
            ragged = representation.ragged_tensor
            if any(partition.HasField("row_length") for partition in ragged.partition):
                raise DataError(
                    found=f"the feature {name!r} is ragged in more than one dimension",
                    expected="one list of values in a row",
                    do="Flatten it in preprocessing_fn, or make it dense",
                )
            if ragged.feature_path.step:
                ragged.feature_path.step[0] = ragged.feature_path.step[0].removesuffix(RAGGED_VALUES)
    return stored


def _whole(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Copy the columns out of a slice: the adapter looks at all that lies below a ragged one."""
    rows = pa.array(range(batch.num_rows), pa.int64())
    return pa.RecordBatch.from_arrays([column.take(rows) for column in batch.columns], batch.schema.names)


def _missing(batch: pa.RecordBatch) -> str:
    nulls = {name: column.null_count for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    named = [f"{name} ({count} of {batch.num_rows} rows)" for name, count in nulls.items() if count]
    return f"; missing values in {', '.join(named)}" if named else ""
