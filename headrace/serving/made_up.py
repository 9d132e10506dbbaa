"""A made-up row for any signature: ones and empty texts, as the model itself says that it parses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from headrace.serving.model import Arrays, ServingModel
from headrace.serving.signature import as_examples


def request_for(model: ServingModel) -> Arrays:
    """Make one row for a signature: a tf.Example where it has one string input, else an array per input."""
    if feed := as_examples(model.inputs):
        row = np.array([example_for(model.call).SerializeToString()], dtype=object)
        return {feed.input: row if feed.flat else row.reshape(1, 1)}
    return {
        name: np.full([1, *(size or 1 for size in kind.shape)], b"" if kind.dtype == "string" else 1)
        for name, kind in model.inputs.items()
    }


def example_for(call: Any) -> tf.train.Example:
    """Fill in every dense feature that the signature's graph parses; sparse and ragged ones may stay away."""
    example = tf.train.Example()
    for node, constants in _parsers(call):
        keys = constants.get(node.input[3].split(":")[0], ())
        kinds = zip(node.attr["Tdense"].list.type, node.attr["dense_shapes"].list.shape, strict=True)
        for key, (dtype, shape) in zip(keys, kinds, strict=False):  # without constants there are no keys
            _fill(example.features.feature[key.decode()], tf.as_dtype(dtype), shape)
    return example


def _fill(feature: tf.train.Feature, dtype: tf.DType, shape: Any) -> None:
    size = int(np.prod([max(dim.size, 1) for dim in shape.dim]))
    if dtype == tf.string:
        feature.bytes_list.value.extend([b""] * size)
    elif dtype.is_floating:
        feature.float_list.value.extend([1.0] * size)
    else:
        feature.int64_list.value.extend([1] * size)


def _parsers(call: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Find what parses tf.Examples in a signature's graph and the functions it calls, with the constants beside it."""
    graph = call.graph.as_graph_def()
    for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
        constants = {n.name: tf.make_ndarray(n.attr["value"].tensor) for n in nodes if n.op == "Const"}
        yield from ((node, constants) for node in nodes if node.op == "ParseExampleV2")
