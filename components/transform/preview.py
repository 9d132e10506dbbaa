"""What a page shows of a fitted function: where each feature comes from, and what the analyzers found.

TransformGraph: `{"features": [{"name", "type", "form", "shape", "from": [raw features]}], "analyzers": [{"name",
"from", "values" or "vocabulary", "size", "first"}], "unused": [raw features]}`. Examples: `{"rows", "columns"}`.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_transform import analyzer_nodes, graph_tools, nodes

from components.transform.preprocessing import Preprocessing
from headrace.artifacts.examples import Examples
from headrace.artifacts.preview import write_preview
from headrace.artifacts.transform_graph import TransformGraph

SHOWN = 100
"""The values of an analyzer, and the words of a vocabulary, that a preview holds at most."""


def preview_graph(graph: TransformGraph, traced: Preprocessing) -> None:
    """Write the preview of a fitted function from its first trace and what its analyzers found."""
    sources = {name: _sources(traced, tensor) for name, tensor in sorted(traced.outputs.items())}
    features = [{"name": name, **_kind(traced.outputs[name]), "from": used} for name, used in sources.items()]
    used = {source for found in sources.values() for source in found}
    unused = sorted(traced.inputs.keys() - used)
    analyzers = _analyzers(traced, graph)
    summary = f"{len(features)} features from {len(used)} of {len(traced.inputs)} columns, {len(analyzers)} analyzers"
    write_preview(graph, summary, {"features": features, "analyzers": analyzers, "unused": unused})


def _kind(tensor: Any) -> dict[str, object]:
    shape = tensor.shape.as_list() if tensor.shape.rank is not None else None
    form = {tf.SparseTensor: "sparse", tf.RaggedTensor: "ragged"}.get(type(tensor), "dense")
    return {"type": tensor.dtype.name, "form": form, "shape": shape}


def _sources(traced: Preprocessing, tensor: Any) -> list[str]:
    """Find the raw features that a tensor depends on, through analyzers too."""
    return sorted(graph_tools.get_dependent_inputs(traced.graph, traced.inputs, {"": tensor}))


def _analyzers(traced: Preprocessing, graph: TransformGraph) -> list[dict[str, Any]]:
    assert traced.graph is not None
    found: dict[str, dict[str, Any]] = {}
    for sink in traced.graph.get_collection(analyzer_nodes.ALL_REPLACEMENTS):
        value = traced.found.get(sink.tensor.name)
        if value is None:
            continue
        operation = sink.future.parent_operation
        name = _name(operation.operation_def.label)
        entry = found.setdefault(name, {"name": name, "from": _inputs(traced, operation)})
        if sink.is_asset_filepath:
            entry.update(_vocabulary(graph, value))
        else:
            entry.setdefault("values", []).append(_plain(value))
    return [found[name] for name in sorted(found)]


def _name(label: str) -> str:
    """Shorten `ExtractCombineMergeOutputs[bucketize_1#quantiles]` to `bucketize_1/quantiles`."""
    inner = re.search(r"\[(.*)\]$", label)
    return (inner[1] if inner else label).replace("#", "/")


def _inputs(traced: Preprocessing, operation: nodes.OperationNode) -> list[str]:
    """Find the raw features that an analyzer looks at."""
    definition = operation.operation_def
    if isinstance(definition, analyzer_nodes.TensorSource):
        return sorted({source for tensor in definition.tensors for source in _sources(traced, tensor)})
    return sorted({source for node in operation.inputs for source in _inputs(traced, node.parent_operation)})


def _vocabulary(graph: TransformGraph, path: tf.Tensor) -> dict[str, object]:
    name = Path(path.numpy().decode()).name
    with (graph.transform_fn / "assets" / name).open("rb") as lines:
        words = [line.rstrip(b"\n").decode(errors="replace") for line in lines]
    return {"vocabulary": name, "size": len(words), "first": words[:SHOWN]}


def _plain(value: tf.Tensor) -> object:
    """Turn a small tensor into JSON; numbers that JSON lacks become None."""
    array = np.asarray(value)
    shown = array.ravel()[:SHOWN].tolist()
    clean = [_json(item) for item in shown]
    return clean if array.ndim else clean[0]


def _json(item: object) -> object:
    if isinstance(item, bytes):
        return item.decode(errors="replace")
    return None if isinstance(item, float) and not math.isfinite(item) else item


def preview_examples(examples: Examples) -> None:
    rows: Mapping[str, int] = examples.rows
    summary = ", ".join(f"{split} {count:,} rows" for split, count in rows.items()) or "not materialised"
    write_preview(examples, summary, {"rows": dict(rows), "columns": dict(examples.columns)})
