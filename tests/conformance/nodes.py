"""A node of every component that ships: one on healthy inputs, one whose input has nothing in it."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from tensorflow_metadata.proto.v0 import statistics_pb2

from components.evaluator import Evaluator
from components.example_gen import ExampleGen
from components.pusher import Pusher
from components.schema_gen import SchemaGen
from components.statistics_gen import StatisticsGen
from components.trainer import Trainer
from components.transform import Transform
from components.tuner import Tuner
from components.validator import Validator
from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.examples import Examples
from headrace.artifacts.hyperparameters import HyperParameters
from headrace.artifacts.model import Model
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.artifacts.transform_graph import TransformGraph
from headrace.dsl.artifact import Artifact
from headrace.dsl.component import Component
from headrace.dsl.function import Function
from headrace.metadata.records import Execution
from headrace.testing import given
from pipelines.penguins.data import prepare
from pipelines.penguins.evaluation import EVALUATION

A = TypeVar("A", bound=Artifact)
SPLITS = {"train": 3, "eval": 1, "test": 1}
CURATED = "schemas/penguins/schema.pbtxt"


@dataclass(frozen=True)
class Shelf:
    """What a run made, by node and output."""

    executions: Mapping[str, Execution]

    def take(self, node: str, output: str, kind: type[A]) -> A:
        (made,) = self.executions[node].outputs[output]
        return kind(Path(made.path), dict(made.properties))

    @property
    def examples(self) -> Examples:
        return self.take("ExampleGen", "examples", Examples)

    @property
    def statistics(self) -> ExampleStatistics:
        return self.take("StatisticsGen", "statistics", ExampleStatistics)

    @property
    def schema(self) -> Schema:
        return self.take("SchemaGen", "schema", Schema)

    @property
    def transformed(self) -> Examples:
        return self.take("Transform", "transformed_examples", Examples)

    @property
    def graph(self) -> TransformGraph:
        return self.take("Transform", "transform_graph", TransformGraph)

    @property
    def model(self) -> Model:
        return self.take("Trainer", "model", Model)


Maker: TypeAlias = Callable[[Shelf, Path], Component]


def node_of(kind: type[Component], shelf: Shelf, folder: Path) -> Component:
    """Make a node of a component, on what the penguins' run made."""
    return MAKERS[kind](shelf, folder)


def starved(kind: type[Component], shelf: Shelf, folder: Path) -> Component:
    """Make a node of a component whose input has nothing in it."""
    return STARVED[kind](shelf, folder)


def _example_gen(_: Shelf, folder: Path) -> Component:
    return ExampleGen(source=str(prepare(folder / "data")), splits=SPLITS)


def _tuner(examples: Examples, shelf: Shelf) -> Component:
    return Tuner(
        examples=given(examples),
        transform_graph=given(shelf.graph),
        tuner_fn=Function("pipelines.penguins.model:tuner_fn"),
        custom_config={"trials": 1, "epochs": 2},
    )


def _trainer(examples: Examples, shelf: Shelf) -> Component:
    return Trainer(
        examples=given(examples),
        transform_graph=given(shelf.graph),
        hyperparameters=given(shelf.take("Tuner", "best_hyperparameters", HyperParameters)),
        run_fn=Function("pipelines.penguins.model:run_fn"),
        custom_config={"epochs": 4},
    )


def _transform(examples: Examples, shelf: Shelf) -> Component:
    return Transform(
        examples=given(examples),
        schema=given(shelf.schema),
        preprocessing_fn=Function("pipelines.penguins.features:preprocessing_fn"),
    )


def _pusher(shelf: Shelf, folder: Path) -> Component:
    blessing = shelf.take("Evaluator", "blessing", ModelBlessing)
    return Pusher(model=given(shelf.model), blessing=given(blessing), destination=str(folder / "served"))


MAKERS: Mapping[type[Component], Maker] = {
    ExampleGen: _example_gen,
    StatisticsGen: lambda shelf, _: StatisticsGen(examples=given(shelf.examples)),
    SchemaGen: lambda shelf, _: SchemaGen(statistics=given(shelf.statistics)),
    Validator: lambda shelf, _: Validator(statistics=given(shelf.statistics), schema=given(shelf.schema)),
    Transform: lambda shelf, _: _transform(shelf.examples, shelf),
    Tuner: lambda shelf, _: _tuner(shelf.transformed, shelf),
    Trainer: lambda shelf, _: _trainer(shelf.transformed, shelf),
    Evaluator: lambda shelf, _: Evaluator(examples=given(shelf.examples), model=given(shelf.model), config=EVALUATION),
    Pusher: _pusher,
}


def without_rows(examples: Examples, split: str, folder: Path) -> Examples:
    """Copy examples, one split of which has no rows."""
    shutil.copytree(examples.path, folder / "examples")
    emptied = Examples(folder / "examples", dict(examples.properties))
    for file in emptied.split_files(split):
        file.unlink()
    emptied.rows = {**emptied.rows, split: 0}
    return emptied


def without_counts(statistics: ExampleStatistics, folder: Path) -> ExampleStatistics:
    """Copy statistics, all splits of which are of no rows."""
    shutil.copytree(statistics.path, folder / "statistics")
    emptied = ExampleStatistics(folder / "statistics", dict(statistics.properties))
    nothing = statistics_pb2.DatasetFeatureStatisticsList(datasets=[statistics_pb2.DatasetFeatureStatistics()])
    for split in emptied.split_names:
        emptied.split_file(split).write_bytes(nothing.SerializeToString())
    return emptied


def _header_only(_: Shelf, folder: Path) -> Component:
    file = folder / "penguins.csv"
    file.write_text("species,island\n", encoding="utf-8")
    return ExampleGen(source=str(file), splits=SPLITS)


def _empty_model(shelf: Shelf, folder: Path) -> Component:
    (folder / "model").mkdir()
    model = Model(folder / "model", dict(shelf.model.properties))
    return Pusher(model=given(model), destination=str(folder / "served"))


STARVED: Mapping[type[Component], Maker] = {
    ExampleGen: _header_only,
    StatisticsGen: lambda shelf, folder: StatisticsGen(examples=given(without_rows(shelf.examples, "eval", folder))),
    SchemaGen: lambda shelf, folder: SchemaGen(statistics=given(without_counts(shelf.statistics, folder))),
    Validator: lambda shelf, folder: Validator(
        statistics=given(without_counts(shelf.statistics, folder)), schema=given(shelf.schema)
    ),
    Transform: lambda shelf, folder: _transform(without_rows(shelf.examples, "train", folder), shelf),
    Tuner: lambda shelf, folder: _tuner(without_rows(shelf.transformed, "eval", folder), shelf),
    Trainer: lambda shelf, folder: _trainer(without_rows(shelf.transformed, "train", folder), shelf),
    Evaluator: lambda shelf, folder: Evaluator(
        examples=given(without_rows(shelf.examples, "test", folder)), model=given(shelf.model), config=EVALUATION
    ),
    Pusher: _empty_model,
}
