"""Set this process up for `tf_keras`; import it before anything that may touch a Keras.

Importing has three effects, once: `tf.keras` becomes `tf_keras`, whatever is imported later; AutoGraph leaves it alone;
keras-tuner is bound to it, too. Nothing runs in TensorFlow, so a process that has only imported this can be forked.
"""

import importlib
import os
import sys

from headrace.errors import UnfitEnvironment

if os.environ.setdefault("TF_USE_LEGACY_KERAS", "1").lower() not in ("1", "true"):
    raise UnfitEnvironment(
        found=f"TF_USE_LEGACY_KERAS={os.environ['TF_USE_LEGACY_KERAS']}",
        expected="1, as Transform, Tuner and Trainer work with tf_keras here",
        do="Unset it, or set it to 1",
    )

import tensorflow as tf
import tf_keras

from headrace.keras.autograph import leave_libraries_alone


def _settle_tf_keras() -> None:
    """Let TensorFlow's lazy loader choose now, before another import can turn it."""
    if tf.keras.Model is not tf_keras.Model:
        raise UnfitEnvironment(
            found="tf.keras was bound to Keras 3 before headrace.keras.setup was imported",
            expected="one Keras in a process",
            do="Import headrace.keras.setup first, or set TF_USE_LEGACY_KERAS=1",
        )


def _bind_keras_tuner() -> None:
    """Import keras-tuner with `tf_keras` under the name `keras`: it knows no other way to choose."""
    if "keras_tuner" in sys.modules:
        _check_keras_tuner()
        return
    # TensorFlow put Keras 3 on the path of this name, if it was imported before the variable was set.
    sys.modules.setdefault("tensorflow.keras", tf_keras)
    keras_3 = sys.modules.pop("keras", None)
    sys.modules["keras"] = tf_keras
    try:
        importlib.import_module("keras_tuner")
    finally:
        del sys.modules["keras"]
        if keras_3 is not None:
            sys.modules["keras"] = keras_3


def _check_keras_tuner() -> None:
    if sys.modules["keras_tuner.src.backend.keras"].Model is not tf_keras.Model:
        raise UnfitEnvironment(
            found="keras_tuner was imported before headrace.keras.setup, and took Keras 3",
            expected="one Keras in a process",
            do="Import headrace.keras.setup first",
        )


_settle_tf_keras()
leave_libraries_alone()
_bind_keras_tuner()
