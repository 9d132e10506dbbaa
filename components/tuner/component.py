"""What Tuner takes and makes."""

from collections.abc import Mapping
from dataclasses import field

from headrace.artifacts.examples import Examples
from headrace.artifacts.hyperparameters import HyperParameters, TunerResults
from headrace.artifacts.model import Model
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component, output, publish_outputs, resolve_inputs
from headrace.dsl.function import Function
from headrace.dsl.parameter import Parameter
from headrace.user_code.fn_args import SplitArgs


class Tuner(Component):
    """Search hyperparameters with a user's `tuner_fn(fn_args)`, which returns a TunerFnResult.

    A keras-tuner that keeps its trials in `fn_args.working_dir` goes on where an interrupted attempt stopped.
    """

    examples: Channel[Examples]
    transform_graph: Channel[TransformGraph] | None = None
    schema: Channel[Schema] | None = None
    base_model: Channel[Model] | None = None
    tuner_fn: Parameter[Function]
    train_args: Parameter[SplitArgs] = SplitArgs(splits=("train",))
    eval_args: Parameter[SplitArgs] = SplitArgs(splits=("eval",))
    custom_config: Parameter[Mapping[str, object]] = field(default_factory=dict)
    seed: Parameter[int] = 0
    best_hyperparameters: Channel[HyperParameters] = output()
    tuner_results: Channel[TunerResults] = output()

    component_id = "headrace.Tuner"
    process_type = "TRAIN"
    environment = "tf_keras"
    distributions = ("tensorflow", "tf-keras", "tensorflow-transform", "keras-tuner")
    driver = resolve_inputs
    executor = Function("components.tuner.executor:search")
    publisher = publish_outputs
