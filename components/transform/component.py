"""What Transform takes and makes."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from headrace.artifacts.examples import Examples
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component, output, publish_outputs, resolve_inputs
from headrace.dsl.function import Function
from headrace.dsl.parameter import Parameter


class Transform(Component):
    """Fit a `preprocessing_fn` to some splits with tensorflow-transform, and apply it to all of them.

    `preprocessing_fn(inputs)` or `preprocessing_fn(inputs, custom_config)` maps tensors by feature name to tensors by
    feature name. With `materialize=False` only the graph is made.
    """

    examples: Channel[Examples]
    schema: Channel[Schema]
    preprocessing_fn: Parameter[Function]
    custom_config: Parameter[Mapping[str, object]] = field(default_factory=dict)
    analyze_splits: Parameter[Sequence[str]] = ("train",)
    materialize: Parameter[bool] = True
    transform_graph: Channel[TransformGraph] = output()
    transformed_examples: Channel[Examples] = output()

    component_id = "headrace.Transform"
    process_type = "TRANSFORM"
    environment = "tf_keras"
    distributions = ("tensorflow", "tensorflow-transform", "tfx-bsl")
    driver = resolve_inputs
    executor = Function("components.transform.executor:analyze_and_transform")
    publisher = publish_outputs
