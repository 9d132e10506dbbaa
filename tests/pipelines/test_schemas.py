"""The reviewed schemas, as the Validator uses them: no honest month raises an alarm, every poisoned one does."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import tensorflow_data_validation as tfdv
from tensorflow_data_validation.statistics.stats_impl import generate_statistics_in_memory

from components.validator.executor import find_anomalies
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.large_lists import to_large_lists
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics
from pipelines.flights import data as flights
from pipelines.flights.poison import POISONS
from pipelines.penguins import data as penguins

SCHEMAS = Path(__file__).parents[2] / "schemas"
ROWS = "(rows)"


def statistics(table: pa.Table, folder: Path) -> ExampleStatistics:
    (batch,) = table.combine_chunks().to_batches()
    options = tfdv.StatsOptions(num_quantiles_histogram_buckets=20)  # rougher and faster than StatisticsGen
    made = ExampleStatistics(folder, {"span": 1, "split_names": ["test"]})
    made.split_file("test").parent.mkdir(parents=True)
    made.split_file("test").write_bytes(
        generate_statistics_in_memory(to_large_lists(batch), options).SerializeToString()
    )
    return made


def alarms(
    pipeline: str,
    found: ExampleStatistics,
    folder: Path,
    before: ExampleStatistics | None = None,
    environment: str = "",
) -> set[str]:
    """Name the features that the Validator would block, ROWS for the number of rows."""
    folder.mkdir()
    anomalies = ExampleAnomalies(folder)
    find_anomalies(
        statistics=found,
        schema=Schema(SCHEMAS / pipeline),
        baseline=before,
        drift={},
        on_drift="block",
        min_rows_ratio=0.6,
        max_rows_ratio=1.7,
        schema_environment=environment or None,
        exclude_splits=(),
        anomalies=anomalies,
    )
    content = json.loads(anomalies.preview_file.read_text())["content"]
    return {finding["feature"] or ROWS for finding in content["findings"]}


def split(table: pa.Table) -> pa.Table:
    """Take the smallest split of a pipeline: a fifth of the rows."""
    return table.take(list(range(0, table.num_rows, 5)))


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    return [pq.read_table(file) for file in flights.prepare(tmp_path_factory.mktemp("flights"))]


@pytest.fixture(scope="module")
def healthy(months: list[pa.Table], tmp_path_factory: pytest.TempPathFactory) -> list[ExampleStatistics]:
    folder = tmp_path_factory.mktemp("statistics")
    return [statistics(split(month), folder / str(number)) for number, month in enumerate(months, 1)]


def test_no_month_of_2013_raises_an_alarm(healthy: list[ExampleStatistics], tmp_path: Path) -> None:
    befores = [None, *healthy[:-1]]
    found = {
        month: alarms("flights", ours, tmp_path / str(month), before)
        for month, (ours, before) in enumerate(zip(healthy, befores, strict=True), 1)
    }
    assert found == {month: set() for month in range(1, 13)}


def test_the_whole_year_is_within_every_range(months: list[pa.Table], tmp_path: Path) -> None:
    year = statistics(pa.concat_tables(months), tmp_path / "year")
    assert alarms("flights", year, tmp_path / "anomalies") == set()


@pytest.mark.parametrize(
    ("poison", "alarm"),
    [
        ("distance_in_kilometres", "distance"),
        ("temperature_in_celsius", "temp"),
        ("unseen_carrier", "carrier"),
        ("half_the_rows", ROWS),
    ],
)
@pytest.mark.parametrize("month", [7, 12])
def test_a_poisoned_month_raises_its_alarm(
    months: list[pa.Table], healthy: list[ExampleStatistics], month: int, poison: str, alarm: str, tmp_path: Path
) -> None:
    poisoned = statistics(split(POISONS[poison](months[month - 1])), tmp_path / "statistics")
    assert alarms("flights", poisoned, tmp_path / "anomalies", healthy[month - 2]) == {alarm}


@pytest.mark.parametrize("poison", ["distance_in_kilometres", "unseen_carrier", "half_the_rows"])
def test_the_first_month_needs_none_before_it(months: list[pa.Table], poison: str, tmp_path: Path) -> None:
    poisoned = statistics(split(POISONS[poison](months[6])), tmp_path / "statistics")
    assert len(alarms("flights", poisoned, tmp_path / "anomalies")) == 1


def test_a_flight_that_is_asked_about_has_no_label(months: list[pa.Table], tmp_path: Path) -> None:
    asked = statistics(split(months[0]).drop(["late"]), tmp_path / "statistics")
    assert alarms("flights", asked, tmp_path / "serving", environment="SERVING") == set()
    assert alarms("flights", asked, tmp_path / "training", environment="TRAINING") == {"late"}


def test_the_penguins_raise_no_alarm_unless_they_are_weighed_in_kilograms(tmp_path: Path) -> None:
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True)
    table = pyarrow.csv.read_csv(penguins.prepare(tmp_path), convert_options=options)
    assert alarms("penguins", statistics(table, tmp_path / "grams"), tmp_path / "none") == set()
    weight = table.column_names.index("body_mass_g")
    table = table.set_column(weight, "body_mass_g", pc.divide(table["body_mass_g"], 1000))
    assert alarms("penguins", statistics(table, tmp_path / "kilograms"), tmp_path / "one") == {"body_mass_g"}
