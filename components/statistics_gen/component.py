"""StatisticsGen: what the values of every feature are like."""

from collections.abc import Sequence

from headrace import Channel, Component, Function, Parameter, output, publish_outputs, resolve_inputs
from headrace.artifacts.examples import Examples
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics


class StatisticsGen(Component):
    """Compute statistics of every split with TensorFlow Data Validation.

    With a `schema`, features are counted by the types and domains that it gives them: a number that it calls
    categorical gets the counts of its values.
    """

    examples: Channel[Examples]
    schema: Channel[Schema] | None = None
    exclude_splits: Parameter[Sequence[str]] = ()
    statistics: Channel[ExampleStatistics] = output()

    component_id = "headrace.StatisticsGen"
    component_version = 1
    process_type = "PROCESS"
    environment = "tf_keras"
    distributions = ("apache-beam", "tensorflow-data-validation")
    driver = resolve_inputs
    executor = Function("components.statistics_gen.executor:compute_statistics")
    publisher = publish_outputs
