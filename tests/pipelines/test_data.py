"""The months of flights and the penguins, made from the packages' real files."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from headrace.errors import UnfitEnvironment
from pipelines.flights import data as flights
from pipelines.package_data import RECORD, package_file
from pipelines.penguins import data as penguins

ROWS = {1: 27004, 2: 24951, 7: 29425}


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("flights")
    return dict(zip(ROWS, flights.prepare(folder, [*ROWS]), strict=True))


@pytest.mark.parametrize("span", ROWS)
def test_a_span_is_a_month_of_the_real_data(months: dict[int, Path], span: int) -> None:
    table = pq.read_table(months[span])
    assert table.num_rows == ROWS[span]
    assert pc.unique(table["month"]).to_pylist() == [span]


def test_late_says_whether_the_arrival_was_late_and_is_missing_without_one(months: dict[int, Path]) -> None:
    late = pq.read_table(months[1])["late"]
    assert pc.unique(late).to_pylist() == [0, 1, None]
    assert late.null_count == 606
    assert pc.mean(late).as_py() == pytest.approx(0.2273, abs=1e-4)


def test_the_first_flight_of_the_year_has_its_weather_and_its_plane(months: dict[int, Path]) -> None:
    first = pq.read_table(months[1]).slice(0, 1).to_pylist()[0]
    assert (first["carrier"], first["flight"], first["tailnum"], first["late"]) == ("UA", 1545, "N14228", 0)
    assert (first["ts"], first["weekday"], first["temp"], first["wind_dir"]) == (1357035300, 2, 39.02, 260)
    assert (first["plane_year"], first["manufacturer"], first["seats"]) == (1999, "BOEING", 149)


def test_nothing_is_kept_that_is_only_known_after_the_departure(months: dict[int, Path]) -> None:
    columns = set(pq.read_schema(months[1]).names)
    assert not columns & {"dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"}


def test_columns_have_the_types_of_their_values_and_no_pandas_metadata(months: dict[int, Path]) -> None:
    schema = pq.read_schema(months[1])
    assert schema.names == list(flights.COLUMNS)
    assert {str(kind) for kind in schema.types} == {"int64", "string", "double"}
    assert schema.metadata is None


def test_preparing_again_makes_the_same_bytes(months: dict[int, Path], tmp_path: Path) -> None:
    (again,) = flights.prepare(tmp_path, [2])
    assert again.read_bytes() == months[2].read_bytes()


def test_a_file_that_is_there_is_left_alone_and_a_damaged_one_made_again(tmp_path: Path) -> None:
    file = penguins.prepare(tmp_path)
    whole, made = file.read_bytes(), file.stat().st_mtime_ns
    assert penguins.prepare(tmp_path).stat().st_mtime_ns == made
    file.write_bytes(whole[:-10])
    assert penguins.prepare(tmp_path).read_bytes() == whole


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    penguins.prepare(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["penguins.csv", RECORD]


def test_there_are_344_penguins_and_missing_values_are_empty(tmp_path: Path) -> None:
    lines = penguins.prepare(tmp_path).read_text().splitlines()
    assert len(lines) == 1 + 344
    assert lines[4] == "Adelie,Torgersen,,,,,,2007"


def test_a_missing_package_is_one_line_that_says_what_to_install() -> None:
    with pytest.raises(UnfitEnvironment, match=r"^the package no_such_data is not installed; .*\[demo\]") as error:
        package_file("no_such_data", "data.csv")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("spans", ["0", "13", "3..1", "a", "1..", "..2", "1-3"])
def test_months_that_do_not_exist_are_refused(spans: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flights.main(["--to", str(tmp_path), "--spans", spans]) == 2
    assert "months from 1 to 12" in capsys.readouterr().err
