"""Functions that tests give to Tuner and Trainer."""

from pathlib import Path
from typing import Any

import keras_tuner
import tensorflow as tf
import tensorflow_transform as tft
import tf_keras
from tfx_bsl.public import tfxio

from headrace.keras.export import save_with_transform
from headrace.user_code.fn_args import FnArgs
from headrace.user_code.tuner_fn_result import TunerFnResult

NUMBERS = ("age_z", "fare_z")


def read(fn_args: FnArgs, files: list[str]) -> tf.data.Dataset:
    output = tft.TFTransformOutput(fn_args.transform_output)
    options = tfxio.TensorFlowDatasetOptions(batch_size=50, num_epochs=1, label_key="survived")
    rows = fn_args.data_accessor.tf_dataset_factory(files, options, output.transformed_metadata.schema)
    return rows.map(lambda features, label: ({name: features[name] for name in NUMBERS}, label))


def build(choices: Any) -> tf_keras.Model:
    inputs = {name: tf_keras.Input([1], name=name) for name in NUMBERS}
    hidden = tf_keras.layers.Dense(choices.Int("units", 2, 8, default=4))(
        tf_keras.layers.concatenate([*inputs.values()])
    )
    model = tf_keras.Model(inputs, tf_keras.layers.Dense(1, activation="sigmoid")(hidden))
    rate = choices.Float("rate", 0.01, 0.1, default=0.1)
    model.compile(tf_keras.optimizers.legacy.SGD(rate), loss="binary_crossentropy")
    return model


def train(fn_args: FnArgs, model: tf_keras.Model) -> None:
    model.fit(
        read(fn_args, fn_args.train_files),
        validation_data=read(fn_args, fn_args.eval_files),
        epochs=2,
        callbacks=[tf_keras.callbacks.TensorBoard(fn_args.model_run_dir, write_graph=False)],
        verbose=0,
    )


def run_fn(fn_args: FnArgs) -> None:
    found = fn_args.hyperparameters
    choices = keras_tuner.HyperParameters.from_config(found) if found else keras_tuner.HyperParameters()
    model = build(choices)
    train(fn_args, model)
    output = tft.TFTransformOutput(fn_args.transform_output)
    save_with_transform(model, output, "survived", fn_args.serving_model_dir)  # type: ignore[arg-type]  # it is set


def loses_its_loss(fn_args: FnArgs) -> None:
    model = build(keras_tuner.HyperParameters())
    model.compile(tf_keras.optimizers.legacy.SGD(1e30), loss="mse")
    model.layers[-1].activation = tf_keras.activations.linear
    train(fn_args, model)


def saves_nothing(fn_args: FnArgs) -> None:
    """Forget to save."""


def saves_no_signature(fn_args: FnArgs) -> None:
    tf.saved_model.save(tf.Module(), str(fn_args.serving_model_dir))


def wants_another_label(fn_args: FnArgs) -> None:
    output = tft.TFTransformOutput(fn_args.transform_output)
    options = tfxio.TensorFlowDatasetOptions(batch_size=50, label_key="surived")
    fn_args.data_accessor.tf_dataset_factory(fn_args.train_files, options, output.transformed_metadata.schema)


def tuner_of(fn_args: FnArgs, hypermodel: Any) -> TunerFnResult:
    tuner = keras_tuner.RandomSearch(
        hypermodel,
        objective=keras_tuner.Objective("val_loss", "min"),
        max_trials=int(fn_args.custom_config.get("trials", 2)),  # type: ignore[call-overload]  # a number in these tests
        seed=fn_args.seed,
        directory=fn_args.working_dir,
        project_name="passengers",
    )
    train, held_out = (read(fn_args, files) for files in (fn_args.train_files, fn_args.eval_files))
    return TunerFnResult(tuner, {"x": train, "validation_data": held_out, "epochs": 1, "verbose": 0})


def tuner_fn(fn_args: FnArgs) -> TunerFnResult:
    return tuner_of(fn_args, build)


def stops_in_the_second_trial(fn_args: FnArgs) -> TunerFnResult:
    """Stand for a search that is interrupted: a mark in the working folder lets it through the next time."""
    mark = Path(str(fn_args.working_dir)) / "interrupted"

    def interrupted(choices: Any) -> tf_keras.Model:
        if (Path(str(fn_args.working_dir)) / "passengers" / "trial_1").is_dir() and not mark.exists():
            mark.touch()
            raise KeyboardInterrupt
        return build(choices)

    return tuner_of(fn_args, interrupted)


def fails_in_every_trial(fn_args: FnArgs) -> TunerFnResult:
    def fails_to_fit(choices: Any) -> tf_keras.Model:
        model = build(choices)
        model.compile(loss="no such loss")
        return model

    return tuner_of(fn_args, fails_to_fit)


def returns_a_tuner(fn_args: FnArgs) -> object:
    return tuner_of(fn_args, build).tuner
