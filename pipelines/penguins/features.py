"""What the model sees of a penguin: z-scores, vocabularies, and the species as a number."""

from typing import TypeAlias

import tensorflow as tf
import tensorflow_transform as tft

Tensor: TypeAlias = tf.Tensor | tf.sparse.SparseTensor

LABEL = "species"
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
"""In the order of the model's outputs."""
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
VOCABULARIES = ("island", "sex")
OUT_OF_VOCABULARY = 1


def preprocessing_fn(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Scale the measures, a missing one becoming the mean; number the words, a missing one being a word of its own."""
    outputs = {f"{name}_z": _dense(tft.scale_to_z_score(inputs[name]), 0.0) for name in MEASURES}
    for name in VOCABULARIES:
        outputs[f"{name}_id"] = tft.compute_and_apply_vocabulary(
            _dense(inputs[name], "missing"), num_oov_buckets=OUT_OF_VOCABULARY, vocab_filename=name
        )
    outputs["species_id"] = tf.argmax(inputs[LABEL] == tf.constant([SPECIES]), axis=1)[:, tf.newaxis]
    return outputs


def _dense(values: Tensor, default: float | str) -> tf.Tensor:
    if not isinstance(values, tf.sparse.SparseTensor):
        return values
    one_a_row = tf.SparseTensor(values.indices, values.values, [values.dense_shape[0], 1])
    return tf.sparse.to_dense(one_a_row, default)
