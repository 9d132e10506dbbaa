"""What the models see, made by Transform from real rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import headrace.keras.setup  # noqa: F401  isort: skip  before whatever may touch a Keras
import keras_tuner
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import tensorflow as tf
import tensorflow_transform as tft

from components.transform.executor import analyze_and_transform
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import read_batches
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from pipelines.flights import data as flights
from pipelines.flights import features as flight_features
from pipelines.flights import model as flight_model
from pipelines.penguins import data as penguins
from pipelines.penguins import features as penguin_features
from pipelines.penguins import model as penguin_model

SCHEMAS = Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True)
class Transformed:
    """Rows before and after Transform, and the fitted function."""

    raw: pa.Table
    made: pa.Table
    fitted: tft.TFTransformOutput

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        column: npt.NDArray[np.float64] = self.made[name].to_numpy()
        return column


def transform(pipeline: str, function: Callable[..., object], rows: pa.Table, folder: Path) -> Transformed:
    """Run Transform on one split."""
    examples, graph, made = Examples(folder / "raw"), TransformGraph(folder / "graph"), Examples(folder / "made")
    for artifact in (examples, graph, made):
        artifact.path.mkdir()
    with SplitWriter(examples.split_folder("train"), f"{PART}00000", rows.schema) as writer:
        for batch in rows.to_batches():
            writer.write(batch)
    seal(examples, rows.schema, {"train": rows.num_rows})
    examples.span, examples.version = 1, 0
    analyze_and_transform(
        examples=examples,
        schema=Schema(SCHEMAS / pipeline),
        preprocessing_fn=function,
        custom_config={},
        analyze_splits=["train"],
        materialize=True,
        transform_graph=graph,
        transformed_examples=made,
    )
    table = pa.Table.from_batches(list(read_batches(made, "train")))
    return Transformed(rows, table, tft.TFTransformOutput(str(graph.path)))


@pytest.fixture(scope="module")
def some_flights(tmp_path_factory: pytest.TempPathFactory) -> Transformed:
    folder = tmp_path_factory.mktemp("flights")
    january = pq.read_table(flights.prepare(folder, [1])[0])
    rows = january.take(list(range(0, january.num_rows, 20)))
    return transform("flights", flight_features.preprocessing_fn, rows, folder)


@pytest.fixture(scope="module")
def all_penguins(tmp_path_factory: pytest.TempPathFactory) -> Transformed:
    folder = tmp_path_factory.mktemp("penguins")
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True)
    rows = pyarrow.csv.read_csv(penguins.prepare(folder), convert_options=options)
    return transform("penguins", penguin_features.preprocessing_fn, rows, folder)


def test_every_feature_of_a_flight_is_complete_and_finite(some_flights: Transformed) -> None:
    assert some_flights.made.num_rows == some_flights.raw.num_rows
    assert [name for name in some_flights.made.column_names if some_flights.made[name].null_count] == []
    assert all(np.isfinite(some_flights[name]).all() for name in some_flights.made.column_names)


def test_a_flight_without_arrival_has_the_label_unknown(some_flights: Transformed) -> None:
    late = some_flights.raw["late"].fill_null(flight_features.UNKNOWN_LABEL).to_numpy()
    assert some_flights["late"].tolist() == late.tolist()
    assert flight_features.UNKNOWN_LABEL in late


def test_a_missing_number_becomes_the_mean(some_flights: Transformed) -> None:
    missing = np.asarray(some_flights.raw["seats"].is_null())
    assert set(some_flights["seats_z"][missing]) == {0.0}
    assert some_flights["seats_z"][~missing].mean() == pytest.approx(0, abs=1e-4)
    assert some_flights["seats_z"][~missing].std() == pytest.approx(1, abs=1e-3)


def test_no_gust_is_told_from_a_gust(some_flights: Transformed) -> None:
    assert some_flights["gusts"].tolist() == np.asarray(some_flights.raw["wind_gust"].is_valid()).tolist()


def test_a_missing_text_is_a_word_of_its_own(some_flights: Transformed) -> None:
    missing = np.asarray(some_flights.raw["manufacturer"].is_null())
    (word,) = set(some_flights["manufacturer_id"][missing])
    assert word not in some_flights["manufacturer_id"][~missing]


def test_a_rare_carrier_is_out_of_vocabulary(some_flights: Transformed) -> None:
    carriers = some_flights.raw["carrier"]
    seen = {pair["values"]: pair["counts"] for pair in pc.value_counts(carriers).to_pylist()}
    rare = [name for name, count in seen.items() if count < flight_features.RAREST]
    beyond = some_flights.fitted.vocabulary_size_by_name("carrier")
    assert rare
    assert set(some_flights["carrier_id"][np.isin(np.asarray(carriers), rare)]) == {beyond}


def test_departures_are_shared_out_among_the_hours(some_flights: Transformed) -> None:
    shares = np.bincount(some_flights["departure_bucket"]) / some_flights.raw.num_rows
    assert len(shares) == flight_features.DEPARTURE_BUCKETS
    assert shares == pytest.approx(1 / len(shares), abs=0.05)


def test_the_model_takes_every_feature_but_the_label(some_flights: Transformed) -> None:
    model = flight_model.build_model(some_flights.fitted, keras_tuner.HyperParameters())
    assert sorted([*model.input_names, "late"]) == sorted(some_flights.made.column_names)
    late = model(_batch(some_flights.made, model.input_names)).numpy()
    assert late.shape == (some_flights.raw.num_rows, 1)


def test_flights_without_a_label_do_not_enter_training() -> None:
    features, label = flight_model.labelled({"x": tf.constant([[1.0], [2.0], [3.0]])}, tf.constant([[0], [-1], [1]]))
    assert features["x"].numpy().tolist() == [[1.0], [3.0]]
    assert label.numpy().tolist() == [[0], [1]]


def test_every_penguin_is_complete_and_its_species_numbered(all_penguins: Transformed) -> None:
    assert [name for name in all_penguins.made.column_names if all_penguins.made[name].null_count] == []
    numbered = [penguin_features.SPECIES[number] for number in all_penguins["species_id"]]
    assert numbered == all_penguins.raw["species"].to_pylist()


def test_the_model_gives_each_species_a_probability(all_penguins: Transformed) -> None:
    model = penguin_model.build_model(all_penguins.fitted, keras_tuner.HyperParameters())
    given = model(_batch(all_penguins.made, model.input_names)).numpy()
    assert given.shape == (344, len(penguin_features.SPECIES))
    assert given.sum(axis=1) == pytest.approx(1, abs=1e-5)


def _batch(rows: pa.Table, names: list[str]) -> Mapping[str, tf.Tensor]:
    return {name: tf.constant(np.asarray(rows[name])[:, np.newaxis]) for name in names}
