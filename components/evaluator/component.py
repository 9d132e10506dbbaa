"""What Evaluator takes and makes."""

from components.evaluator.config import EvaluationConfig
from headrace.artifacts.evaluation import ModelBlessing, ModelEvaluation
from headrace.artifacts.examples import Examples
from headrace.artifacts.model import Model
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component, output, resolve_inputs
from headrace.dsl.function import Function
from headrace.dsl.parameter import Parameter
from headrace.dsl.resolver import latest_blessed


class Evaluator(Component):
    """Measure a model on its serving signature, over all rows and by slice, and bless it when every threshold holds.

    A signature with one string input is given the rows as tf.Examples, any other the columns by the names of its
    inputs; the label is never among them. The baseline is the model that was blessed last, other than the candidate
    itself.
    """

    examples: Channel[Examples]
    model: Channel[Model]
    baseline: Channel[Model] | None = latest_blessed(Model, other_than="model")
    config: Parameter[EvaluationConfig]
    evaluation: Channel[ModelEvaluation] = output()
    blessing: Channel[ModelBlessing] = output()

    component_id = "headrace.Evaluator"
    process_type = "EVALUATE"
    environment = "tf_keras"
    distributions = ("tensorflow", "tfx-bsl")
    driver = resolve_inputs
    executor = Function("components.evaluator.executor:evaluate")
    publisher = Function("components.evaluator.publisher:bless")
