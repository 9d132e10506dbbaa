"""What the model sees of a flight.

Every output is dense, one value a row, and complete: a missing number becomes the mean (0 as a z-score), a missing text
becomes a word of its own. The label is the exception: Transform cannot drop rows, so a flight that never arrived has
the label UNKNOWN_LABEL, and model.py leaves it out of training and of its metrics.

Not used: `ts`, `month` and `day` (a model of one month would learn its bad days by heart), `flight` and `tailnum` (too
many values for a month).
"""

from math import pi
from typing import TypeAlias

import tensorflow as tf
import tensorflow_transform as tft

Tensor: TypeAlias = tf.Tensor | tf.sparse.SparseTensor

LABEL = "late"
UNKNOWN_LABEL = -1
MISSING = "missing"
Z_SCORES = ("temp", "dewp", "humid", "wind_speed", "pressure", "visib", "distance", "seats")
VOCABULARIES = ("carrier", "origin", "dest", "manufacturer", "engine")
OUT_OF_VOCABULARY = 1
DEPARTURE_BUCKETS = 12
DISTANCE_BUCKETS = 8
RAREST = 20
"""How many rows of a month a word needs to be learnt by itself; rarer ones share one place."""
SECONDS_PER_YEAR = 31_556_952


def preprocessing_fn(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Turn columns into z-scores, buckets, vocabulary ids and flags."""
    outputs: dict[str, Tensor] = {f"{name}_z": _z_score(inputs[name]) for name in Z_SCORES}
    outputs |= {f"{name}_id": _vocabulary_id(name, inputs[name]) for name in VOCABULARIES}
    outputs |= _time(inputs) | _wind(inputs) | _plane_and_rain(inputs)
    outputs["distance_bucket"] = tft.bucketize(inputs["distance"], DISTANCE_BUCKETS)
    outputs[LABEL] = _dense(inputs[LABEL], UNKNOWN_LABEL)
    return outputs


def _time(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Bucket the minute of the day so that each bucket has as many departures, and number the weekdays from 0."""
    minute_of_day = inputs["hour"] * 60 + inputs["minute"]
    return {
        "departure_bucket": tft.bucketize(minute_of_day, DEPARTURE_BUCKETS),
        "minute_of_day_z": tft.scale_to_z_score(minute_of_day),
        "weekday_id": inputs["weekday"] - 1,
    }


def _wind(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Split the wind into its parts from north and east, 0 where it turns; no gust is a gust of 0."""
    radians = _dense(inputs["wind_dir"], 0, tf.float32) * (pi / 180)
    speed = _dense(inputs["wind_speed"], 0.0) * _is_present(inputs["wind_dir"])
    return {
        "wind_north_z": tft.scale_to_z_score(speed * tf.cos(radians)),
        "wind_east_z": tft.scale_to_z_score(speed * tf.sin(radians)),
        "gust_z": tft.scale_to_z_score(_dense(inputs["wind_gust"], 0.0)),
        "gusts": _is_present(inputs["wind_gust"]),
    }


def _plane_and_rain(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Compute the plane's age in years and the logarithm of the rain: its amounts span three orders of magnitude."""
    year = 1970 + tf.cast(inputs["ts"] // SECONDS_PER_YEAR, tf.float32)
    known = _is_present(inputs["plane_year"])
    age = (year - _dense(inputs["plane_year"], 0, tf.float32)) * known
    rain = tf.math.log1p(_dense(inputs["precip"], 0.0) * 100)
    return {
        "plane_age_z": tft.scale_to_z_score(age),
        "plane_known": known,
        "rain_z": tft.scale_to_z_score(rain),
    }


def _z_score(values: Tensor) -> tf.Tensor:
    """Scale to mean 0 and deviation 1; what is missing takes no part and becomes the mean."""
    return _dense(tft.scale_to_z_score(values), 0.0)


def _vocabulary_id(name: str, words: Tensor) -> tf.Tensor:
    return tft.compute_and_apply_vocabulary(
        _dense(words, MISSING), frequency_threshold=RAREST, num_oov_buckets=OUT_OF_VOCABULARY, vocab_filename=name
    )


def _dense(values: Tensor, default: float | str, dtype: tf.DType | None = None) -> tf.Tensor:
    """Give every row one value."""
    if isinstance(values, tf.sparse.SparseTensor):
        one_a_row = tf.SparseTensor(values.indices, values.values, [values.dense_shape[0], 1])
        values = tf.sparse.to_dense(one_a_row, default_value=default)
    return tf.cast(values, dtype) if dtype else values


def _is_present(values: Tensor) -> tf.Tensor:
    """Say 1 for rows that have a value, 0 for the others."""
    if not isinstance(values, tf.sparse.SparseTensor):
        return tf.ones_like(values, tf.float32)
    ones = tf.ones_like(values.values, tf.float32)
    return tf.sparse.to_dense(tf.SparseTensor(values.indices, ones, [values.dense_shape[0], 1]))
