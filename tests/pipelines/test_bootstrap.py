"""Months drawn from a real one, and poisoned ones."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from headrace.errors import DataError
from pipelines.flights.bootstrap import CHUNK, Recipe, bootstrap
from pipelines.flights.data import prepare
from pipelines.flights.poison import POISONS


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("flights"), [1])[0]


def drawn(january: Path, target: Path, recipe: Recipe) -> pa.Table:
    bootstrap(january, target, recipe)
    return pq.read_table(target)


def test_any_number_of_rows_is_drawn(january: Path, tmp_path: Path) -> None:
    table = drawn(january, tmp_path / "big.parquet", Recipe(rows=CHUNK + 10, seed=3))
    assert table.num_rows == CHUNK + 10
    assert table.schema.equals(pq.read_schema(january))


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(january: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.parquet" for number in range(3)]
    for file, seed in zip(files, (1, 1, 2), strict=True):
        bootstrap(january, file, Recipe(rows=500, seed=seed))
    one, same, other = (file.read_bytes() for file in files)
    assert one == same != other


def test_drift_moves_the_weather(january: Path, tmp_path: Path) -> None:
    still = drawn(january, tmp_path / "still.parquet", Recipe(rows=5000))
    moved = drawn(january, tmp_path / "moved.parquet", Recipe(rows=5000, drift=0.5))
    assert pc.mean(moved["temp"]).as_py() - pc.mean(still["temp"]).as_py() == pytest.approx(15, abs=1)


def test_without_rows_the_source_is_taken_as_it_is(january: Path, tmp_path: Path) -> None:
    assert drawn(january, tmp_path / "copy.parquet", Recipe()).equals(pq.read_table(january))


@pytest.mark.parametrize(
    ("poison", "column"),
    [("distance_in_kilometres", "distance"), ("temperature_in_celsius", "temp"), ("unseen_carrier", "carrier")],
)
def test_a_poison_changes_its_column_alone(january: Path, poison: str, column: str) -> None:
    healthy = pq.read_table(january)
    poisoned = POISONS[poison](healthy)
    changed = [name for name in healthy.column_names if not healthy[name].equals(poisoned[name])]
    assert changed == [column]


def test_half_the_rows_is_half_of_them(january: Path) -> None:
    assert POISONS["half_the_rows"](pq.read_table(january)).num_rows == 27004 // 2


def test_a_month_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file .*nowhere\.parquet"):
        bootstrap(tmp_path / "nowhere.parquet", tmp_path / "x.parquet", Recipe())
