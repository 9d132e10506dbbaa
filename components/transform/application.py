"""Apply a fitted `preprocessing_fn` to files of examples, batch by batch, in this process."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import tensorflow as tf
from tensorflow_metadata.proto.v0 import schema_pb2
from tensorflow_transform.saved import saved_transform_io_v2
from tfx_bsl.tfxio import tensor_to_arrow

from headrace.artifacts.large_lists import from_large_lists
from headrace.user_code.list_batches import portions, read
from headrace.user_code.tensors import Tensor, Tensors


class Application:
    """A fitted function, ready to be applied to examples of a schema; `columns` is what it makes."""

    def __init__(self, transform_fn: Path, raw: schema_pb2.Schema, transformed: schema_pb2.Schema) -> None:
        self._raw, self._inputs = raw, Tensors(raw)
        self._loader = saved_transform_io_v2.SavedModelLoader(str(transform_fn))
        specs = Tensors(transformed).specs
        self._converter = tensor_to_arrow.TensorsToRecordBatchConverter(specs)
        self._outputs = tuple(specs)
        self.columns = pa.schema([_stored(field, specs.get(field.name)) for field in self._converter.arrow_schema()])

    def batches(self, file: Path) -> Iterator[pa.RecordBatch]:
        """Transform the rows of a file, in order; memory holds one batch."""
        for portion in portions([str(file)]):
            for batch in read(portion, self._raw):
                yield self.transform(batch)

    def transform(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Transform a batch in list form; a feature of one value a row becomes a plain column."""
        made: Mapping[str, Tensor] = self._loader.apply_transform_model(dict(self._inputs.of(batch)))
        lists = self._converter.convert({name: made[name] for name in self._outputs})
        return from_large_lists(lists, self.columns)


def _stored(field: pa.Field, spec: tf.TypeSpec | None) -> pa.Field:
    """Say how a column of lists is stored: dense features of one value a row without the list."""
    single = isinstance(spec, tf.TensorSpec) and spec.shape[1:].num_elements() == 1
    value = field.type.value_type
    if pa.types.is_large_binary(value):
        value = pa.binary()
    return pa.field(field.name, value if single else pa.list_(value))
