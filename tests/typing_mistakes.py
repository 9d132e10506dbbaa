"""Mistakes that the type checker must find: strict mypy fails on an ignore that is not needed."""

from collections.abc import Sequence
from pathlib import Path

from components.evaluator import EvaluationConfig, Evaluator
from components.example_gen import ExampleGen
from components.pusher import Pusher
from components.schema_gen import SchemaGen
from components.statistics_gen import StatisticsGen
from components.trainer import Trainer
from components.validator import Validator
from headrace import (
    Channel,
    Component,
    Function,
    NodeOptions,
    Parameter,
    Pipeline,
    Resources,
    RuntimeParameter,
    Secret,
    latest,
    latest_blessed,
    output,
    previous_span,
)
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.examples import Examples
from headrace.artifacts.model import Model
from headrace.artifacts.statistics import ExampleStatistics
from headrace.spec.messages import Succeeded
from headrace.testing import given, run_node


class KerasModel(Model):
    """A subtype of Model."""


def make_report(examples: Sequence[Examples], sizes: Sequence[int], report: Examples) -> None: ...


class Report(Component):
    """Several inputs of one name."""

    examples: Sequence[Channel[Examples]]
    sizes: Parameter[Sequence[Parameter[int]]] = ()
    report: Channel[Examples] = output()

    executor = Function("tests.typing_mistakes:make_report")


gen = ExampleGen(source="rows.csv", splits={"train": RuntimeParameter("parts", int, 3)})
stats = StatisticsGen(examples=gen.examples)
schema = SchemaGen(statistics=stats.statistics)
valid = Validator(statistics=stats.statistics, schema=schema.schema)
trainer = Trainer(examples=gen.examples, run_fn=Function("pipelines.penguins.model:run_fn"))
config = EvaluationConfig(label="late", task="binary")
judge = Evaluator(examples=gen.examples, model=trainer.model, config=config)
model, blessing = trainer.model, judge.blessing


def fine(keras: Channel[KerasModel]) -> None:
    """Pass what must be accepted: a property on a channel of a subtype, a subtype for its parent."""
    Evaluator(examples=gen.examples, model=keras, baseline=None, config=config)
    Trainer(examples=gen.examples, run_fn=Function("a:b"), seed=keras[Model.span], base_model=latest(KerasModel))
    Report(examples=[gen.examples, latest(Examples)], sizes=[1, RuntimeParameter("n", int, 2), model[Model.span]])
    Pusher(
        model=model, destination=Secret("WHERE"), options=NodeOptions(after=[valid], when=~model[Model.span].equals(1))
    )


def mistakes(folder: Path, made: Succeeded, examples: Examples) -> None:
    StatisticsGen(examples=model)  # type: ignore[arg-type]  # the wrong kind of artifact: a wrong edge
    StatisticsGen(exampels=gen.examples)  # type: ignore[call-arg]  # a misspelt input
    print(gen.exmples)  # type: ignore[attr-defined]  # a misspelt output
    StatisticsGen(examples=gen.examples, exclude_splits=1)  # type: ignore[arg-type]  # the wrong type of parameter
    StatisticsGen(examples=gen.examples, statistics=stats.statistics)  # type: ignore[call-arg]  # an output as argument
    StatisticsGen()  # type: ignore[call-arg]  # a missing input
    StatisticsGen(examples=None)  # type: ignore[arg-type]  # None for an input that is required
    StatisticsGen(examples=examples)  # type: ignore[arg-type]  # an artifact for its channel
    StatisticsGen(examples=given(trainer))  # type: ignore[arg-type]  # a node for an artifact
    Pusher(model=model)  # type: ignore[call-arg]  # a missing parameter
    Pusher(model=model, destination=RuntimeParameter("to", str, 1))  # type: ignore[arg-type]  # a wrong default
    Pusher(model=model, destination=blessing[ModelBlessing.blessed])  # type: ignore[index]  # a bool for a str
    Pusher(model=model, destination="there", keep_versions="3")  # type: ignore[arg-type]  # a str for an int
    ExampleGen(source="rows.csv", payload="csv")  # type: ignore[arg-type]  # none of the choices
    ExampleGen(source="rows.csv", splits={"train": "2"})  # type: ignore[dict-item]  # a str within a mapping
    Report(examples=[gen.examples], sizes=[1, "2"])  # type: ignore[list-item]  # a str within a list
    Trainer(examples=gen.examples, run_fn=print)  # type: ignore[arg-type]  # a function that is not named
    Evaluator(examples=gen.examples, model=model, config={"label": "late"})  # type: ignore[arg-type]  # an untyped config
    EvaluationConfig(label="late", task="ranking")  # type: ignore[arg-type]  # none of the tasks
    print(blessing[Model.span])  # type: ignore[index]  # a property of another artifact
    print(blessing["blessed"])  # type: ignore[index]  # a property by a text
    NodeOptions(when=blessing[ModelBlessing.blessed] == True)  # type: ignore[arg-type, comparison-overlap]  # noqa: E712  not .equals()
    NodeOptions(when=blessing[ModelBlessing.blessed])  # type: ignore[arg-type]  # a value for a condition
    NodeOptions(when=blessing[ModelBlessing.blessed].equals("yes"))  # type: ignore[arg-type]  # a bool compared with a str
    NodeOptions(when=blessing[ModelBlessing.model].at_least(1))  # type: ignore[misc]  # an order of strings
    NodeOptions(after=[gen.examples])  # type: ignore[list-item]  # a channel is not a node
    NodeOptions(cache="never")  # type: ignore[arg-type]  # none of the choices
    NodeOptions(run_if="sometimes")  # type: ignore[arg-type]  # none of the choices
    NodeOptions(resources=Resources(cpu=2))  # type: ignore[arg-type]  # a number for a quantity
    NodeOptions(retry=3)  # type: ignore[call-arg]  # a misspelt option
    Evaluator(examples=gen.examples, model=model, baseline=latest(Examples), config=config)  # type: ignore[arg-type]  # a resolver of another artifact
    Validator(statistics=stats.statistics, schema=schema.schema, baseline=previous_span(Examples, of="statistics"))  # type: ignore[arg-type]  # as above
    Trainer(examples=gen.examples, run_fn=Function("a:b"), base_model=latest_blessed(Examples))  # type: ignore[arg-type]  # as above
    Report(examples=gen.examples)  # type: ignore[arg-type]  # one channel for several
    Report(examples=[gen])  # type: ignore[list-item]  # a node among channels
    StatisticsGen(examples=gen)  # type: ignore[arg-type]  # a node for its output
    StatisticsGen(examples=gen.examples, options="stats")  # type: ignore[arg-type]  # the reserved field
    Pipeline("p", [gen.examples])  # type: ignore[list-item]  # a channel is not a node
    print(model.span)  # type: ignore[attr-defined]  # a channel is not its artifact
    judge.config = config  # type: ignore[misc]  # a node does not change
    print(run_node(judge, folder)[blessing].span.upper())  # type: ignore[attr-defined]  # a result is typed by its channel
    print(run_node(judge, folder)[stats.statistics].blessed)  # type: ignore[attr-defined]  # as above
    examples.span = "1"  # type: ignore[assignment]  # a property has a type
    examples.spam = 1  # type: ignore[attr-defined]  # a misspelt property
    made.with_property("blessing", ModelBlessing.blessed, "yes")  # type: ignore[type-var]  # as above, in a publisher
    made.with_property("anomalies", ExampleAnomalies.verdikt, "block")  # type: ignore[attr-defined]  # a misspelt property
    valid.anomalies[ExampleStatistics.span]  # type: ignore[index]  # a property of another artifact
