"""Functions that tests give to Transform."""

from typing import Any

import tensorflow as tf
import tensorflow_transform as tft


def preprocessing_fn(inputs: dict[str, Any], custom_config: dict[str, Any]) -> dict[str, Any]:
    """Scale, bucketise and number; keep the ports' letters as a ragged feature."""
    age = tft.scale_to_z_score(inputs["age"])
    return {
        "age_z": tf.squeeze(tf.sparse.to_dense(tf.SparseTensor(age.indices, age.values, [age.dense_shape[0], 1])), 1),
        "fare_bucket": tft.bucketize(inputs["fare"], custom_config["buckets"]),
        "fare_z": tft.scale_to_z_score(inputs["fare"]),
        "port_id": tft.compute_and_apply_vocabulary(inputs["port"], vocab_filename="port"),
        "letters": tf.strings.bytes_split(inputs["port"]),
        "both": tf.stack([inputs["fare"], tf.cast(inputs["deck"], tf.float32)], axis=1),
        "age": inputs["age"],
        "survived": inputs["survived"],
    }


def nested_three_deep(inputs: dict[str, Any]) -> dict[str, Any]:
    once = inputs["fare"] - tft.mean(inputs["fare"])
    twice = once - tft.min(once)
    return {"fare": tft.scale_to_z_score(twice)}


def without_analyzers(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"fare": inputs["fare"] * 2}


def fails(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"cabin": inputs["cabin"]}


def returns_nothing(inputs: dict[str, Any]) -> None:
    """Forget to return."""


def refuses_a_value(inputs: dict[str, Any]) -> dict[str, Any]:
    with tf.control_dependencies([tf.debugging.assert_less(inputs["fare"], 20.0, message="fare above 20")]):
        return {"fare": tft.scale_to_z_score(tf.identity(inputs["fare"]))}
