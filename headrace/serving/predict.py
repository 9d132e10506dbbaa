"""Ask a model about rows of Arrow."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import tensorflow as tf

from headrace.artifacts.tfrecords import encode as stable_examples
from headrace.serving.encode import to_array, to_examples
from headrace.serving.model import Arrays, ServingModel
from headrace.serving.requests import write_requests
from headrace.serving.signature import AsExamples, Feed, feed_of


def predict(model: ServingModel, batch: pa.RecordBatch) -> Arrays:
    """Feed rows to a model's signature as it takes them; each output has a first dimension of rows."""
    return model.ask(encode(batch, feed_of(model.inputs, batch.schema.names)))


def encode(batch: pa.RecordBatch, feed: Feed, *, stable: bool = False) -> Arrays:
    """Turn rows into what a signature takes; `stable` orders the features of tf.Examples, which takes longer."""
    if isinstance(feed, AsExamples):
        examples = np.array(stable_examples(batch) if stable else to_examples(batch), dtype=object)
        return {feed.input: examples if feed.flat else examples.reshape(-1, 1)}
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    return {
        name: to_array(name, columns[name], tf.as_dtype(kind.dtype).as_numpy_dtype, kind.shape)
        for name, kind in feed.inputs.items()
    }


def keep_requests(file: Path, model: ServingModel, batch: pa.RecordBatch) -> None:
    """Write what the model is asked about these rows, and what it says."""
    request = encode(batch, feed_of(model.inputs, batch.schema.names), stable=True)
    write_requests(file, model.name, request, model.ask(request))
