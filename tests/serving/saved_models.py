"""Tiny SavedModels, made with TensorFlow alone."""

from pathlib import Path
from typing import Any

import tensorflow as tf

PARSED = {
    "x": tf.io.FixedLenFeature([1], tf.float32, default_value=[0.0]),
    "kind": tf.io.FixedLenFeature([1], tf.string),
    "extra": tf.io.VarLenFeature(tf.int64),
}


class Linear(tf.Module):  # type: ignore[misc]  # TensorFlow has no types
    """Scores `sigmoid(weight * x + bias)`; with a vocabulary, the text `kind` is looked up in it, to no effect."""

    def __init__(self, weight: float, bias: float, vocabulary: Path | None) -> None:
        super().__init__()
        self.weight, self.bias = tf.Variable(weight), tf.Variable(bias)
        self.table = _table(vocabulary) if vocabulary else None

    def score(self, x: Any, kind: Any) -> dict[str, Any]:
        known = tf.cast(self.table.lookup(kind) * 0, tf.float32) if self.table else 0.0
        return {"probability": tf.sigmoid(self.weight * x + self.bias + known)}

    def from_examples(self, examples: Any) -> dict[str, Any]:
        parsed = tf.io.parse_example(examples, PARSED)
        return self.score(parsed["x"], parsed["kind"])

    def from_features(self, x: Any, kind: Any) -> dict[str, Any]:
        return self.score(x, kind[:, None])


def _table(vocabulary: Path) -> Any:
    kind = tf.lookup.TextFileIndex
    initializer = tf.lookup.TextFileInitializer(str(vocabulary), tf.string, kind.WHOLE_LINE, tf.int64, kind.LINE_NUMBER)
    return tf.lookup.StaticHashTable(initializer, -1)


def save_linear(folder: Path, *, weight: float = 2.0, bias: float = 0.0, vocabulary: Path | None = None) -> Path:
    """Save it with the signatures `serving_default` (tf.Examples) and `features`."""
    module = Linear(weight, bias, vocabulary)
    text = tf.TensorSpec([None], tf.string)
    signatures = {
        "serving_default": tf.function(module.from_examples, input_signature=[text]),
        "features": tf.function(module.from_features, input_signature=[tf.TensorSpec([None, 1], tf.float32), text]),
    }
    tf.saved_model.save(module, str(folder), signatures=signatures)
    return folder
