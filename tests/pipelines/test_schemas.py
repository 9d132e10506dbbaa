"""The reviewed schemas: no honest month raises an alarm, every poisoned one does."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import tensorflow_data_validation as tfdv
from tensorflow_data_validation.statistics.stats_impl import generate_statistics_in_memory
from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2

from headrace.artifacts.large_lists import to_large_lists
from pipelines.flights import data as flights
from pipelines.flights.poison import POISONS
from pipelines.penguins import data as penguins

SCHEMAS = Path(__file__).parents[2] / "schemas"


def schema(pipeline: str) -> schema_pb2.Schema:
    return tfdv.load_schema_text(str(SCHEMAS / pipeline / "schema.pbtxt"))


def statistics(table: pa.Table) -> statistics_pb2.DatasetFeatureStatisticsList:
    (batch,) = table.combine_chunks().to_batches()
    return generate_statistics_in_memory(to_large_lists(batch))


def alarms(found: anomalies_pb2.Anomalies) -> set[str]:
    rows = {"rows"} if found.dataset_anomaly_info.reason or found.data_missing else set()
    return {*found.anomaly_info} | rows


def split(table: pa.Table) -> pa.Table:
    """Take the smallest split of a pipeline: a fifth of the rows."""
    return table.take(list(range(0, table.num_rows, 5)))


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    return [pq.read_table(file) for file in flights.prepare(tmp_path_factory.mktemp("flights"))]


def test_no_month_of_2013_raises_an_alarm(months: list[pa.Table]) -> None:
    known, previous, found = schema("flights"), None, {}
    for table in months:
        ours = statistics(split(table))
        anomalies = tfdv.validate_statistics(ours, known, environment="TRAINING", previous_statistics=previous)
        found[table["month"][0].as_py()], previous = alarms(anomalies), ours
    assert found == {month: set() for month in range(1, 13)}


def test_the_year_as_a_whole_is_within_every_range(months: list[pa.Table]) -> None:
    year = statistics(pa.concat_tables(months))
    assert alarms(tfdv.validate_statistics(year, schema("flights"), environment="TRAINING")) == set()


@pytest.mark.parametrize(
    ("poison", "alarm"),
    [
        ("distance_in_kilometres", "distance"),
        ("temperature_in_celsius", "temp"),
        ("unseen_carrier", "carrier"),
        ("half_the_rows", "rows"),
    ],
)
@pytest.mark.parametrize("month", [2, 5, 12])
def test_a_poisoned_month_raises_its_alarm(months: list[pa.Table], month: int, poison: str, alarm: str) -> None:
    poisoned = statistics(split(POISONS[poison](months[month - 1])))
    assert alarms(tfdv.validate_statistics(poisoned, schema("flights"), environment="TRAINING")) == {alarm}


def test_a_flight_that_is_asked_about_has_no_label(months: list[pa.Table]) -> None:
    asked = statistics(split(months[0]).drop(["late"]))
    assert alarms(tfdv.validate_statistics(asked, schema("flights"), environment="SERVING")) == set()
    assert alarms(tfdv.validate_statistics(asked, schema("flights"), environment="TRAINING")) == {"late"}


def test_the_penguins_raise_no_alarm_unless_they_are_weighed_in_kilograms(tmp_path: Path) -> None:
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True)
    table = pyarrow.csv.read_csv(penguins.prepare(tmp_path), convert_options=options)
    assert alarms(tfdv.validate_statistics(statistics(table), schema("penguins"), environment="TRAINING")) == set()
    light = pa.compute.cast(pa.compute.divide(table["body_mass_g"], 1000), pa.int64())
    kilograms = table.set_column(table.column_names.index("body_mass_g"), "body_mass_g", light)
    assert alarms(tfdv.validate_statistics(statistics(kilograms), schema("penguins"), environment="TRAINING")) == {
        "body_mass_g"
    }
