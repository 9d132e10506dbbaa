"""Save a model for serving, with the transform graph inside."""

import logging
from collections.abc import Callable, Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any

import tensorflow as tf
import tensorflow_transform as tft

log = logging.getLogger(__name__)
Features = dict[str, Any]


def save_with_transform(
    model: Any, transform_output: tft.TFTransformOutput, label: str | None, path: str | Path
) -> None:
    """Save a model so that it takes what the examples held before Transform; `label` is the raw label's name.

    `serving_default` takes `examples`, serialised tf.Examples, and `raw_features` the same features by name: one value
    a row, or a row of values where the schema fixes no shape (NaN, "" and the lowest integer are missing there).
    It is left out when a name is no Python identifier. `transform_features` gives what the model would see.
    """
    holder = tf.Module()
    holder.model, holder.transform = model, transform_output.transform_features_layer()
    spec = {name: kind for name, kind in transform_output.raw_feature_spec().items() if name != label}

    def predict(raw: Features) -> Features:
        answer = holder.model(_inputs_of(model, holder.transform(raw)))
        return dict(answer) if isinstance(answer, Mapping) else {"outputs": answer}

    signatures = {
        "serving_default": _of_examples(spec, predict),
        "transform_features": _of_examples(spec, lambda raw: _dense(holder.transform(raw))),
    }
    if unfit := [name for name in spec if not name.isidentifier() or iskeyword(name)]:
        log.warning("no signature raw_features: TensorFlow takes no argument named %s", ", ".join(map(repr, unfit)))
    else:
        signatures["raw_features"] = _of_features(spec, predict)
    tf.saved_model.save(holder, str(path), signatures=signatures)


def _of_examples(spec: Features, answer: Callable[[Features], Features]) -> Any:
    def signature(examples: tf.Tensor) -> Features:
        return answer(tf.io.parse_example(examples, spec))

    examples = tf.TensorSpec([None], tf.string, name="examples")
    return tf.function(signature, input_signature=[examples], autograph=False)


def _of_features(spec: Features, answer: Callable[[Features], Features]) -> Any:
    def signature(features: Features) -> Features:
        return answer({name: _as_parsed(kind, features[name]) for name, kind in spec.items()})

    features = {name: _spec(name, kind) for name, kind in spec.items()}
    return tf.function(signature, input_signature=[features], autograph=False)


def _spec(name: str, kind: Any) -> tf.TensorSpec:
    shape = kind.shape if isinstance(kind, tf.io.FixedLenFeature) else [None]
    return tf.TensorSpec([None, *shape], kind.dtype, name=name)


def _as_parsed(kind: Any, values: tf.Tensor) -> Any:
    """Turn a dense tensor into what parsing a tf.Example gives."""
    if isinstance(kind, tf.io.FixedLenFeature):
        return values
    if values.dtype == tf.string:
        present = values != ""
    elif values.dtype.is_floating:
        present = ~tf.math.is_nan(values)
    else:
        present = values != values.dtype.min
    ragged = tf.ragged.boolean_mask(values, present)
    return ragged if isinstance(kind, tf.io.RaggedFeature) else ragged.to_sparse()


def _inputs_of(model: Any, transformed: Features) -> Any:
    """Pick what the model takes: by the names of its inputs, or all there is."""
    names = getattr(model, "input_names", None)
    return {name: transformed[name] for name in names} if names else transformed


def _dense(features: Features) -> Features:
    """Pad what is sparse or ragged: a signature gives dense tensors."""
    dense = {
        name: tf.sparse.to_dense(value) if isinstance(value, tf.SparseTensor) else value
        for name, value in features.items()
    }
    return {name: value.to_tensor() if isinstance(value, tf.RaggedTensor) else value for name, value in dense.items()}
