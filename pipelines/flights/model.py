"""A small network that gives the probability of a late arrival.

Tuner and early stopping look at the split `eval`; the Evaluator judges on `test`, which nothing here sees. Its rows are
from the same days, so it says how well the month was understood and not how the next one will be: January's model has
an AUC of 0.75 on January's test rows and of 0.64 on February's, with a log loss that a constant reaches as well.
Flights without a label are left out of every batch (see features.py).
"""

from functools import partial
from typing import TypeAlias

import keras_tuner
import tensorflow as tf
import tensorflow_transform as tft
import tf_keras as keras
from tfx_bsl.public import tfxio

from headrace.keras.export import save_with_transform
from headrace.user_code.fn_args import FnArgs
from headrace.user_code.tuner_fn_result import TunerFnResult
from pipelines.flights.features import LABEL, OUT_OF_VOCABULARY, UNKNOWN_LABEL, VOCABULARIES

NUMBERS = (
    *("temp_z", "dewp_z", "humid_z", "wind_speed_z", "pressure_z", "visib_z", "distance_z", "seats_z", "rain_z"),
    *("minute_of_day_z", "wind_north_z", "wind_east_z", "gust_z", "gusts", "plane_age_z", "plane_known"),
)
BUCKETS = {"departure_bucket": 12, "distance_bucket": 8, "weekday_id": 7}
BATCH = 256

Batch: TypeAlias = tuple[dict[str, tf.Tensor], tf.Tensor]


def tuner_fn(fn_args: FnArgs) -> TunerFnResult:
    """Search at random for the size and the learning rate of the network; a trial has half the epochs."""
    transform = tft.TFTransformOutput(fn_args.transform_output)
    tuner = keras_tuner.RandomSearch(
        partial(build_model, transform),
        objective=keras_tuner.Objective("val_loss", "min"),
        max_trials=_whole(fn_args, "trials"),
        seed=fn_args.seed,
        directory=fn_args.working_dir,
        project_name="flights",
    )
    train, held_out = (read(fn_args, transform, files) for files in (fn_args.train_files, fn_args.eval_files))
    half_the_epochs = max(1, _whole(fn_args, "epochs") // 2)
    return TunerFnResult(tuner, {"x": train, "validation_data": held_out, "epochs": half_the_epochs, "verbose": 2})


def run_fn(fn_args: FnArgs) -> None:
    """Train with the hyperparameters that were found, or with the defaults, and save the model for serving."""
    transform = tft.TFTransformOutput(fn_args.transform_output)
    found = fn_args.hyperparameters
    choices = keras_tuner.HyperParameters.from_config(found) if found else keras_tuner.HyperParameters()
    model = build_model(transform, choices)
    train, held_out = (read(fn_args, transform, files) for files in (fn_args.train_files, fn_args.eval_files))
    model.fit(
        train,
        validation_data=held_out,
        epochs=_whole(fn_args, "epochs"),
        callbacks=[
            keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True),
            keras.callbacks.TensorBoard(fn_args.model_run_dir, write_graph=False),
        ],
        verbose=2,
    )
    assert fn_args.serving_model_dir is not None
    save_with_transform(model, transform, LABEL, fn_args.serving_model_dir)


def _whole(fn_args: FnArgs, name: str) -> int:
    """Read a whole number from the settings that the pipeline hands on."""
    value = fn_args.custom_config[name]
    assert isinstance(value, int)
    return value


def read(fn_args: FnArgs, transform: tft.TFTransformOutput, files: list[str]) -> tf.data.Dataset:
    """Read a split once, in shuffled batches of flights that have a label."""
    options = tfxio.TensorFlowDatasetOptions(batch_size=BATCH, label_key=LABEL, num_epochs=1)
    schema = transform.transformed_metadata.schema
    return fn_args.data_accessor.tf_dataset_factory(files, options, schema).map(labelled)


def labelled(features: dict[str, tf.Tensor], label: tf.Tensor) -> Batch:
    """Keep the rows of a batch whose label is known."""
    known = tf.reshape(label, [-1]) != UNKNOWN_LABEL
    return {name: tf.boolean_mask(values, known) for name, values in features.items()}, tf.boolean_mask(label, known)


def build_model(transform: tft.TFTransformOutput, choices: keras_tuner.HyperParameters) -> keras.Model:
    """Join numbers and embedded categories, and send them through one or two layers."""
    sizes = {f"{name}_id": transform.vocabulary_size_by_name(name) + OUT_OF_VOCABULARY for name in VOCABULARIES}
    inputs = {name: keras.Input([1], name=name) for name in NUMBERS}
    inputs |= {name: keras.Input([1], name=name, dtype=tf.int64) for name in [*sizes, *BUCKETS]}
    embedded = [_embedded(inputs[name], size) for name, size in (sizes | BUCKETS).items()]
    joined = keras.layers.concatenate([*(inputs[name] for name in NUMBERS), *embedded])
    for _ in range(choices.Int("layers", 1, 2)):
        joined = keras.layers.Dense(choices.Choice("units", [32, 64, 128], default=64), activation="relu")(joined)
        joined = keras.layers.Dropout(choices.Choice("dropout", [0.1, 0.2, 0.4], default=0.2))(joined)
    late = keras.layers.Dense(1, activation="sigmoid", name="late")(joined)
    model = keras.Model(inputs, late)
    rate = choices.Float("learning_rate", 5e-4, 5e-3, sampling="log", default=2e-3)
    model.compile(keras.optimizers.Adam(rate), loss="binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
    return model


def _embedded(ids: tf.Tensor, size: int) -> tf.Tensor:
    """Give each category a vector whose length grows with the number of categories."""
    return keras.layers.Flatten()(keras.layers.Embedding(size, min(8, 1 + size // 2))(ids))
