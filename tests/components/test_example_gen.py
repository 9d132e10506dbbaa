"""ExampleGen: rows from files, shared out among splits."""

import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest

from components.example_gen import ExampleGen
from components.example_gen.hash_split import assign, hash_rows
from headrace.artifacts.examples_reader import arrow_schema, count_rows
from headrace.artifacts.preview import read_preview
from headrace.testing import run_node
from tests.components.rows import ingest, rows_of, write_csv, write_parquet

TWO_THIRDS = {"train": 2, "eval": 1}


def test_reads_every_row_of_a_csv_file_in_order(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "name,age,weight", ["Ann,31,52.5", "Bob,,80", ",7,"])
    assert rows_of(ingest(source, tmp_path / "out")) == [
        {"name": "Ann", "age": 31, "weight": 52.5},
        {"name": "Bob", "age": None, "weight": 80.0},
        {"name": None, "age": 7, "weight": None},
    ]


def test_puts_equal_rows_into_one_split_wherever_they_stand(tmp_path: Path) -> None:
    rows = [f"{i % 50},{i % 7}" for i in range(700)]
    one = ingest(write_csv(tmp_path / "a.csv", "x,y", rows), tmp_path / "one", splits=TWO_THIRDS)
    shuffled = random.Random(1).sample(rows, len(rows))
    other = ingest(write_csv(tmp_path / "b.csv", "x,y", shuffled), tmp_path / "other", splits=TWO_THIRDS)
    assert _distinct(rows_of(one, "train")) == _distinct(rows_of(other, "train"))
    assert not _distinct(rows_of(one, "train")) & _distinct(rows_of(one, "eval"))


def test_leaves_rows_in_their_split_when_others_change_the_type_of_a_column(tmp_path: Path) -> None:
    rows = [f"{i},{i % 9}" for i in range(300)]
    before = ingest(write_csv(tmp_path / "a.csv", "x,y", rows), tmp_path / "one", splits=TWO_THIRDS)
    after = ingest(write_csv(tmp_path / "b.csv", "x,y", [*rows, "no number,1.5"]), tmp_path / "two", splits=TWO_THIRDS)
    there = {(int(str(row["x"])), row["y"]) for row in rows_of(after, "eval") if row["x"] != "no number"}
    assert {(row["x"], row["y"]) for row in rows_of(before, "eval")} == there


def test_gives_splits_their_parts(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "x", [f"{i}" for i in range(6_000)])
    examples = ingest(source, tmp_path / "out", splits={"train": 3, "eval": 1, "test": 2})
    assert examples.rows == {split: count_rows(examples, split) for split in examples.split_names}
    assert examples.rows == pytest.approx({"train": 3_000, "eval": 1_000, "test": 2_000}, rel=0.08)


def test_keeps_rows_together_by_a_column(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "user,x", [f"u{i % 20},{i}" for i in range(400)])
    examples = ingest(source, tmp_path / "out", splits=TWO_THIRDS, split_by="user")
    users = [{row["user"] for row in rows_of(examples, split)} for split in ("train", "eval")]
    assert users[0].isdisjoint(users[1])
    assert len(users[0] | users[1]) == 20


def test_takes_no_notice_of_the_order_of_columns(tmp_path: Path) -> None:
    one = write_parquet(tmp_path / "a.parquet", {"x": [*range(100)], "y": ["a"] * 100})
    other = write_parquet(tmp_path / "b.parquet", {"y": ["a"] * 100, "x": [*range(100)]})
    found = [rows_of(ingest(source, tmp_path / source.stem, splits=TWO_THIRDS), "eval") for source in (one, other)]
    assert found[0] == found[1]


def test_the_split_of_a_row_is_what_it_always_was() -> None:
    import pyarrow as pa

    batch = pa.RecordBatch.from_pydict({"text": ["a", None, "Zürich"], "n": [1, 2, None], "x": [0.5, -0.0, None]})
    assert hash_rows(batch).tolist() == [10787219519278507485, 3668484870006204964, 12472362367452011599]
    assert assign(hash_rows(batch), {"train": 1, "eval": 1}).tolist() == [1, 0, 1]


def test_writes_the_same_bytes_again(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "x,y", [f"{i},v{i % 3}" for i in range(500)])
    for payload in ("parquet", "tfrecord"):
        one, two = (ingest(source, tmp_path / f"{payload}{i}", splits=TWO_THIRDS, payload=payload) for i in (1, 2))
        files = [one.split_files(split) + two.split_files(split) for split in TWO_THIRDS]
        assert all(first.read_bytes() == second.read_bytes() for first, second in files)


def test_both_payloads_hold_the_same_rows(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", "i,f,s", ["1,0.5,a", ",,", "3,1.25,ü", "4,,"])
    parquet, records = (ingest(source, tmp_path / p, payload=p) for p in ("parquet", "tfrecord"))  # type: ignore[arg-type]
    assert [file.name for file in records.split_files("all")] == ["examples-00000-of-00001.tfrecord.gz"]
    assert rows_of(records) == rows_of(parquet)


def test_cuts_splits_into_bounded_shards(tmp_path: Path) -> None:
    source = write_parquet(tmp_path / "a.parquet", {"x": [*range(600_000)]})
    examples = ingest(source, tmp_path / "out")
    assert [file.name for file in examples.split_files("all")] == [
        "examples-00000-of-00002.parquet",
        "examples-00001-of-00002.parquet",
    ]
    assert [row["x"] for row in rows_of(examples)[::100_000]] == [*range(0, 600_000, 100_000)]


def test_reads_all_files_of_a_glob_by_name(tmp_path: Path) -> None:
    write_csv(tmp_path / "b.csv", "x,y", ["2,b"])
    with gzip.open(tmp_path / "a.csv.gz", "wt") as stream:
        stream.write("y,x\na,1\n")
    assert rows_of(ingest(tmp_path / "*.csv*", tmp_path / "out")) == [{"y": "a", "x": 1}, {"y": "b", "x": 2}]


def test_reads_what_csv_allows(tmp_path: Path) -> None:
    text = '\ufeffname,note\r\n"Ann, Dr.","two\r\nlines"\r\n\r\nBob,"say ""hi"""\r\n,""\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert rows_of(ingest(tmp_path / "a.csv", tmp_path / "out")) == [
        {"name": "Ann, Dr.", "note": "two\r\nlines"},
        {"name": "Bob", "note": 'say "hi"'},
        {"name": None, "note": None},
    ]


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        pytest.param(["1", "-2"], "int64", [1, -2], id="whole"),
        pytest.param(["1", "2.5"], "float64", [1.0, 2.5], id="decimal"),
        pytest.param([" 1", "2 "], "int64", [1, 2], id="spaces"),
        pytest.param(["1", "x"], "string", ["1", "x"], id="text"),
        pytest.param(["0x10", "11"], "string", ["0x10", "11"], id="hexadecimal"),
        pytest.param(["12345678901234567890", "1"], "string", ["12345678901234567890", "1"], id="more than 64 bits"),
        pytest.param(["12345678901234567890", "1.5"], "float64", [12345678901234567890.0, 1.5], id="big and decimal"),
        pytest.param(["true", "false"], "string", ["true", "false"], id="truth"),
        pytest.param(["2013-01-31", "2013-02-01"], "string", ["2013-01-31", "2013-02-01"], id="dates"),
        pytest.param(['""', ""], "null", [None, None], id="nothing"),
        pytest.param(["", "7"], "int64", [None, 7], id="blank"),
    ],
)
def test_infers_the_type_of_a_column(tmp_path: Path, values: list[str], kind: str, read: list[object]) -> None:
    source = write_csv(tmp_path / "a.csv", "x,y", [f"{value},1" for value in values])
    examples = ingest(source, tmp_path / "out")
    assert examples.columns["x"] == kind
    assert [row["x"] for row in rows_of(examples)] == read


@pytest.mark.parametrize("later", ["2.5", "text", "12345678901234567890"])
def test_infers_types_over_all_rows_of_all_files(tmp_path: Path, later: str) -> None:
    write_csv(tmp_path / "1.csv", "x,y", ["1,1"] * 10)
    write_csv(tmp_path / "2.csv", "x,y", [f"{later},"])
    examples = ingest(tmp_path / "*.csv", tmp_path / "out")
    assert examples.columns == {"x": "float64" if later == "2.5" else "string", "y": "int64"}
    assert len(rows_of(examples)) == 11


def test_runs_in_a_pipeline_and_describes_what_it_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "month-3.csv", "x", [f"{i}" for i in range(100)])
    node = ExampleGen(source=str(tmp_path / "month-{SPAN}.csv"))
    examples = run_node(node, tmp_path, debug=True)[node.examples]
    assert (examples.span, examples.version, sum(examples.rows.values())) == (3, 0, 100)
    preview = read_preview(examples.preview_file)
    assert preview is not None
    assert str(preview["summary"]).startswith("span 3: ")
    assert arrow_schema(examples).names == ["x"]


def test_loads_no_tensorflow() -> None:
    code = "import sys, components.example_gen.executor; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


def _distinct(rows: list[dict[str, object]]) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in rows}
