"""ExampleGen: the column types of Parquet files."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from tests.components.rows import ingest, rows_of, write_parquet

NOON = dt.datetime(2013, 1, 31, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("column", "kind", "read"),
    [
        pytest.param(pa.array([1, None], pa.int16()), "int64", [1, None], id="int16"),
        pytest.param(pa.array([255, 1], pa.uint8()), "int64", [255, 1], id="uint8"),
        pytest.param(pa.array([1.5, None], pa.float32()), "float32", [1.5, None], id="float32"),
        pytest.param(pa.array([1.5, None]), "float64", [1.5, None], id="float64"),
        pytest.param(pa.array([Decimal("1.25")]), "float64", [1.25], id="decimal"),
        pytest.param(pa.array([True, False, None]), "int64", [1, 0, None], id="boolean"),
        pytest.param(pa.array([dt.date(1970, 1, 2), None]), "int64", [86_400, None], id="date"),
        pytest.param(pa.array([NOON.replace(tzinfo=None)]), "int64", [int(NOON.timestamp())], id="timestamp"),
        pytest.param(pa.array([NOON], pa.timestamp("ns", "UTC")), "int64", [int(NOON.timestamp())], id="with a zone"),
        pytest.param(pa.array(["a", None], pa.large_string()), "string", ["a", None], id="large text"),
        pytest.param(pa.array(["a", "b", "a"]).dictionary_encode(), "string", ["a", "b", "a"], id="dictionary"),
        pytest.param(pa.array([b"\xff", None]), "bytes", [b"\xff", None], id="bytes"),
        pytest.param(pa.array([[1, 2], [], None]), "list<int64>", [[1, 2], [], None], id="list"),
        pytest.param(pa.array([["a"], ["b", "c"]]), "list<string>", [["a"], ["b", "c"]], id="list of text"),
        pytest.param(pa.nulls(2), "null", [None, None], id="nothing"),
    ],
)
def test_reads_a_column(tmp_path: Path, column: pa.Array, kind: str, read: list[object]) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"x": column, "n": [*range(len(column))]})
    examples = ingest(source, tmp_path / "out")
    assert examples.columns["x"] == kind
    assert [row["x"] for row in rows_of(examples)] == read


def test_joins_the_types_of_files_where_one_holds_both(tmp_path: Path) -> None:
    write_parquet(tmp_path / "1.parquet", {"x": [1, 2], "y": pa.nulls(2)})
    write_parquet(tmp_path / "2.parquet", {"x": [0.5, None], "y": ["a", "b"]})
    examples = ingest(tmp_path / "*.parquet", tmp_path / "out")
    assert examples.columns == {"x": "float64", "y": "string"}
    assert [tuple(row.values()) for row in rows_of(examples)] == [(1.0, None), (2.0, None), (0.5, "a"), (None, "b")]


def test_reads_lists_as_records(tmp_path: Path) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"x": [[1, 2], [3]], "y": ["a", None]})
    examples = ingest(source, tmp_path / "out", payload="tfrecord")
    assert rows_of(examples) == [{"x": [1, 2], "y": "a"}, {"x": [3], "y": None}]


def test_reads_files_of_many_row_groups(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"x": [*range(1_000)]}), tmp_path / "a.parquet", row_group_size=7)
    assert [row["x"] for row in rows_of(ingest(tmp_path / "a.parquet", tmp_path / "out"))] == [*range(1_000)]


def test_reads_columns_with_dots_in_their_names(tmp_path: Path) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"a.b": [1], "a": ["x"], "l.m": [[1.5]]})
    assert rows_of(ingest(source, tmp_path / "out")) == [{"a.b": 1, "a": "x", "l.m": [1.5]}]
