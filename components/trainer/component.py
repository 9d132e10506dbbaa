"""What Trainer takes and makes."""

from collections.abc import Mapping
from dataclasses import field

from headrace.artifacts.examples import Examples
from headrace.artifacts.hyperparameters import HyperParameters
from headrace.artifacts.model import Model, ModelRun
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component, output, publish_outputs, resolve_inputs
from headrace.dsl.function import Function
from headrace.dsl.parameter import Parameter
from headrace.user_code.fn_args import SplitArgs


class Trainer(Component):
    """Train a model with a user's `run_fn(fn_args)`, which saves it to `fn_args.serving_model_dir`.

    `examples` are raw or transformed ones. The model gets their span. Python, NumPy and TensorFlow are seeded with
    `seed` before the function is called.
    """

    examples: Channel[Examples]
    transform_graph: Channel[TransformGraph] | None = None
    schema: Channel[Schema] | None = None
    hyperparameters: Channel[HyperParameters] | None = None
    base_model: Channel[Model] | None = None
    run_fn: Parameter[Function]
    train_args: Parameter[SplitArgs] = SplitArgs(splits=("train",))
    eval_args: Parameter[SplitArgs] = SplitArgs(splits=("eval",))
    custom_config: Parameter[Mapping[str, object]] = field(default_factory=dict)
    seed: Parameter[int] = 0
    model: Channel[Model] = output()
    model_run: Channel[ModelRun] = output()

    component_id = "headrace.Trainer"
    process_type = "TRAIN"
    environment = "tf_keras"
    distributions = ("tensorflow", "tf-keras", "tensorflow-transform", "keras-tuner")
    driver = resolve_inputs
    executor = Function("components.trainer.executor:train")
    publisher = publish_outputs
