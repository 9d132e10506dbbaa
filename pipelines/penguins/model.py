"""A small network that gives the probability of each species."""

from functools import partial

import keras_tuner
import tensorflow as tf
import tensorflow_transform as tft
import tf_keras as keras
from tfx_bsl.public import tfxio

from headrace.keras.export import save_with_transform
from headrace.user_code.fn_args import FnArgs
from headrace.user_code.tuner_fn_result import TunerFnResult
from pipelines.penguins.features import LABEL, MEASURES, OUT_OF_VOCABULARY, SPECIES, VOCABULARIES

BATCH = 32


def tuner_fn(fn_args: FnArgs) -> TunerFnResult:
    """Search at random for the width of the network and its learning rate."""
    transform = tft.TFTransformOutput(fn_args.transform_output)
    tuner = keras_tuner.RandomSearch(
        partial(build_model, transform),
        objective=keras_tuner.Objective("val_loss", "min"),
        max_trials=_whole(fn_args, "trials"),
        seed=fn_args.seed,
        directory=fn_args.working_dir,
        project_name="penguins",
    )
    train, held_out = (read(fn_args, transform, files) for files in (fn_args.train_files, fn_args.eval_files))
    return TunerFnResult(
        tuner, {"x": train, "validation_data": held_out, "epochs": _whole(fn_args, "epochs"), "verbose": 2}
    )


def run_fn(fn_args: FnArgs) -> None:
    """Train with the hyperparameters that were found, or with the defaults, and save the model for serving."""
    transform = tft.TFTransformOutput(fn_args.transform_output)
    found = fn_args.hyperparameters
    choices = keras_tuner.HyperParameters.from_config(found) if found else keras_tuner.HyperParameters()
    model = build_model(transform, choices)
    train, held_out = (read(fn_args, transform, files) for files in (fn_args.train_files, fn_args.eval_files))
    logs = keras.callbacks.TensorBoard(fn_args.model_run_dir, write_graph=False)
    model.fit(train, validation_data=held_out, epochs=_whole(fn_args, "epochs"), callbacks=[logs], verbose=2)
    assert fn_args.serving_model_dir is not None
    save_with_transform(model, transform, LABEL, fn_args.serving_model_dir)


def _whole(fn_args: FnArgs, name: str) -> int:
    """Read a whole number from the settings that the pipeline hands on."""
    value = fn_args.custom_config[name]
    assert isinstance(value, int)
    return value


def read(fn_args: FnArgs, transform: tft.TFTransformOutput, files: list[str]) -> tf.data.Dataset:
    """Read a split once, in shuffled batches."""
    options = tfxio.TensorFlowDatasetOptions(batch_size=BATCH, label_key="species_id", num_epochs=1)
    return fn_args.data_accessor.tf_dataset_factory(files, options, transform.transformed_metadata.schema)


def build_model(transform: tft.TFTransformOutput, choices: keras_tuner.HyperParameters) -> keras.Model:
    """Join measures and one-hot words, and send them through one layer."""
    sizes = {f"{name}_id": transform.vocabulary_size_by_name(name) + OUT_OF_VOCABULARY for name in VOCABULARIES}
    numbers = {f"{name}_z": keras.Input([1], name=f"{name}_z") for name in MEASURES}
    words = {name: keras.Input([1], name=name, dtype=tf.int64) for name in sizes}
    encoded = [keras.layers.CategoryEncoding(size, "one_hot")(words[name]) for name, size in sizes.items()]
    joined = keras.layers.concatenate([*numbers.values(), *encoded])
    hidden = keras.layers.Dense(choices.Choice("units", [8, 16, 32], default=16), activation="relu")(joined)
    species = keras.layers.Dense(len(SPECIES), activation="softmax", name="species")(hidden)
    model = keras.Model(numbers | words, species)
    rate = choices.Float("learning_rate", 2e-3, 3e-2, sampling="log", default=1e-2)
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
