import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from tensorflow.python.autograph.core import config
from tensorflow.python.autograph.impl import conversion

import headrace.keras.setup  # noqa: F401  what is tested
from headrace.errors import UserCodeError
from headrace.keras.autograph import LEFT_ALONE, leave_libraries_alone
from headrace.keras.watch import watched


def test_tensorflow_has_one_keras() -> None:
    assert tf.keras.Model is tf_keras.Model


def test_keras_tuner_takes_models_of_tf_keras() -> None:
    import keras_tuner

    assert keras_tuner.src.backend.keras.Model is tf_keras.Model


def test_autograph_leaves_libraries_alone() -> None:
    """The rules stand in a private list of TensorFlow: this fails when it moves or changes its form."""
    assert conversion.is_allowlisted(tf_keras.Model.fit)
    assert {rule._prefix for rule in config.CONVERSION_RULES} >= set(LEFT_ALONE)


def test_adds_its_rules_once() -> None:
    before = config.CONVERSION_RULES
    leave_libraries_alone()
    assert before == config.CONVERSION_RULES


def model(rate: float) -> tf_keras.Model:
    made = tf_keras.Sequential([tf_keras.layers.Dense(1, input_shape=(1,))])
    made.compile(tf_keras.optimizers.legacy.SGD(rate), loss="mse")
    return made


DATA = np.arange(8.0)[:, None]


def test_watches_fits_and_leaves_no_trace() -> None:
    original = tf_keras.Model.fit
    with watched() as curves:
        model(0.01).fit(DATA, DATA, epochs=2, verbose=0)
    assert [set(epoch) for epoch in curves[0].epochs] == [{"loss"}, {"loss"}]
    assert curves[0].parameters == 2
    assert tf_keras.Model.fit is original


def test_ends_a_fit_whose_loss_is_no_number() -> None:
    with watched(), pytest.raises(UserCodeError, match=r"the loss is (nan|inf) after epoch 1"):
        model(1e30).fit(DATA, DATA, epochs=5, batch_size=1, verbose=0)


def test_only_stops_it_in_a_search() -> None:
    with watched(fails=False) as curves:
        model(1e30).fit(DATA, DATA, epochs=5, batch_size=1, verbose=0)
    assert len(curves[0].epochs) == 1
