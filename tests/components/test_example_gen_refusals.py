"""ExampleGen: input that it cannot read, each with a line that says what was found and what to do."""

import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from components.example_gen.executor import share_out_rows
from headrace.artifacts.examples import Examples
from headrace.errors import ConfigError, DataError
from tests.components.rows import ingest, write_csv, write_parquet


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "a.csv: the file is empty", id="empty"),
        pytest.param(b"x,y\n1,2\n3\n", "a.csv: line 3: 1 field; expected 2 fields, as in the header", id="ragged"),
        pytest.param(b"x,y\n1,2,3\n", "a.csv: line 2: 3 fields", id="too many fields"),
        pytest.param(b'x,y\n"a\nb",1\nc\n', "a.csv: line 4: 1 field", id="ragged after a quoted line break"),
        pytest.param(b'x,y\n1,"2\n3,4\n', "a.csv: line 2: a quote that is never closed", id="open quote"),
        pytest.param(b'x,y\n"1,2\n3,4\n', "a.csv: line 2: a quote that is never closed", id="open quote, comma"),
        pytest.param(b"x,y\n1,\xff\n", "a.csv: line 2 is not text in UTF-8: byte 0xff", id="bad UTF-8"),
        pytest.param("x,é\n1,2\n".encode("latin-1"), "a.csv: line 1 is not text in UTF-8", id="bad UTF-8 in a name"),
        pytest.param(b"x,y\n", "no rows for all among 0 rows", id="header only"),
        pytest.param(b"x,x\n1,2\n", "two columns are called 'x'", id="a name twice"),
        pytest.param(b"x,\n1,2\n", "column 2 has no name", id="a blank name"),
    ],
)
def test_refuses_a_csv_file(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError) as raised:
        ingest(tmp_path / "a.csv", tmp_path / "out")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_refuses_a_compressed_file_that_is_cut_off(tmp_path: Path) -> None:
    whole = gzip.compress(b"x,y\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(5_000)))
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.csv\.gz: .*; expected a file that can be read to its end"):
        ingest(tmp_path / "a.csv.gz", tmp_path / "out")


def test_refuses_what_is_not_compressed(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"x,y\n1,2\n")
    with pytest.raises(DataError, match=r"a\.csv\.gz: "):
        ingest(tmp_path / "a.csv.gz", tmp_path / "out")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("b.csv", "b.csv does not exist", id="missing"),
        pytest.param("*.parquet", "no file matches", id="glob"),
        pytest.param(".", "is a folder", id="folder"),
        pytest.param("a.txt", "expected only .csv and .csv.gz, or only .parquet", id="ending"),
        pytest.param("a.*", "'.csv', '.txt'", id="two endings"),
    ],
)
def test_refuses_a_source(tmp_path: Path, source: str, said: str) -> None:
    write_csv(tmp_path / "a.csv", "x", ["1"])
    write_csv(tmp_path / "a.txt", "x", ["1"])
    with pytest.raises(DataError) as raised:
        ingest(f"{tmp_path}/{source}", tmp_path / "out")
    assert said in str(raised.value)


@pytest.fixture
def anyones_folder() -> Iterator[Path]:
    """A folder that another user reaches, and that user for as long: root reads everything."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        user = os.geteuid()
        yield Path(name)
        os.seteuid(user)


def test_refuses_a_file_without_permission(anyones_folder: Path) -> None:
    write_csv(anyones_folder / "a.csv", "x", ["1"]).chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    with pytest.raises(DataError, match="Permission denied"):
        ingest(anyones_folder / "a.csv", anyones_folder / "out")


def test_refuses_files_with_different_headers(tmp_path: Path) -> None:
    write_csv(tmp_path / "1.csv", "x,y", ["1,2"])
    write_csv(tmp_path / "2.csv", "x,z", ["1,2"])
    with pytest.raises(DataError, match=r"2\.csv lacks \['y'\] and has \['z'\] in addition, unlike .*1\.csv"):
        ingest(tmp_path / "*.csv", tmp_path / "out")


def test_refuses_a_split_without_rows(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "x", ["1", "2"])
    with pytest.raises(DataError, match=r"no rows for .* among 2 rows"):
        ingest(source, tmp_path / "out", splits={"a": 1, "b": 1, "c": 1})


def test_refuses_a_column_to_split_by_that_does_not_exist(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "x", ["1"])
    with pytest.raises(DataError, match=r"has no column 'user'; expected one of \['x'\]"):
        ingest(source, tmp_path / "out", split_by="user")


@pytest.mark.parametrize("splits", [{"train": 0}, {"train": 0.8, "eval": 0.2}, {"../x": 1}, {"a b": 1}])
def test_refuses_splits_that_are_none(tmp_path: Path, splits: dict[str, Any]) -> None:
    source = write_csv(tmp_path / "a.csv", "x", ["1"])
    with pytest.raises(ConfigError, match="splits="):
        ingest(source, tmp_path / "out", splits=splits)


def test_refuses_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DataError, match=r"a\.parquet: .*; expected a whole Parquet file"):
        ingest(tmp_path / "a.parquet", tmp_path / "out")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        pytest.param(pa.array([{"a": 1}]), r"x \(struct", id="struct"),
        pytest.param(pa.array([[[1]]]), r"x \(list", id="list of lists"),
        pytest.param(pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), r"x \(map", id="map"),
        pytest.param(pa.array([1], pa.time64("us")), r"x \(time64", id="time of day"),
        pytest.param(pa.array([2**63], pa.uint64()), "column 'x'", id="more than 64 bits"),
        pytest.param(pa.array([[1, None]]), "a missing value inside a list", id="missing in a list"),
    ],
)
def test_refuses_a_parquet_column(tmp_path: Path, column: pa.Array, said: str) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"x": column})
    with pytest.raises(DataError, match=said):
        ingest(source, tmp_path / "out")


def test_refuses_parquet_files_with_different_types(tmp_path: Path) -> None:
    write_parquet(tmp_path / "1.parquet", {"x": [1]})
    write_parquet(tmp_path / "2.parquet", {"x": ["a"]})
    with pytest.raises(DataError, match=r"2\.parquet: the column 'x' is string, and int64 in"):
        ingest(tmp_path / "*.parquet", tmp_path / "out")


def test_names_the_first_fault_of_several(tmp_path: Path) -> None:
    for name in ("1.csv", "2.csv"):
        write_csv(tmp_path / name, "x,y", ["1,2", name])
    with pytest.raises(DataError, match=r"1\.csv: line 3"):
        ingest(tmp_path / "*.csv", tmp_path / "out")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param(pa.table([[1], [2]], names=["x", "x"]), "two columns are called 'x'", id="a name twice"),
        pytest.param(pa.table({"x": pa.array([], pa.int64())}), "no rows for all among 0 rows", id="no rows"),
        pytest.param(pa.table({}), "there are no columns", id="no columns"),
    ],
)
def test_refuses_a_parquet_table(tmp_path: Path, table: pa.Table, said: str) -> None:
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match=said):
        ingest(tmp_path / "a.parquet", tmp_path / "out")


def test_says_that_it_cannot_write(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "x", [f"{i}" for i in range(1_000)])
    output = tmp_path / "out"
    output.mkdir()
    (output / "Split-all").symlink_to("/dev/full")
    with pytest.raises(DataError, match=r"/out: .*; expected a folder that can be written to, on a disk with space"):
        share_out_rows(str(source), {"all": 1}, None, "parquet", None, None, Examples(output))
