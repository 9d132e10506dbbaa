"""Examples: shards written and read in bounded memory, whichever payload they have."""

from pathlib import Path

import pyarrow as pa
import pytest

from headrace.artifacts.column_types import column_types, type_names
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import count_rows, read_batches
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.artifacts.large_lists import from_large_lists, to_large_lists
from headrace.artifacts.tfrecords import RecordFile, decode, encode, read_records
from headrace.errors import DataError

BATCH = pa.RecordBatch.from_pydict(
    {"i": [1, None, 3], "f": [0.5, 1.5, None], "s": ["a", None, "ü"], "l": [[1, 2], [], [3]]},
    schema=pa.schema([("i", pa.int64()), ("f", pa.float32()), ("s", pa.string()), ("l", pa.list_(pa.int64()))]),
)


def test_puts_values_into_lists_and_takes_them_out() -> None:
    lists = to_large_lists(BATCH)
    assert lists.to_pydict() == {
        "i": [[1], None, [3]],
        "f": [[0.5], [1.5], None],
        "s": [[b"a"], None, ["ü".encode()]],
        "l": [[1, 2], [], [3]],
    }
    values = [pa.int64(), pa.float32(), pa.large_binary(), pa.int64()]
    assert lists.schema.types == [pa.large_list(value) for value in values]
    assert from_large_lists(lists, BATCH.schema).equals(BATCH)


def test_reads_lists_of_a_slice() -> None:
    part = BATCH.slice(1, 2)
    assert to_large_lists(part).to_pydict()["s"] == [None, ["ü".encode()]]
    assert from_large_lists(to_large_lists(part), part.schema).to_pydict() == part.to_pydict()


def test_refuses_two_values_where_there_is_room_for_one() -> None:
    lists = pa.RecordBatch.from_pydict({"x": [[1, 2]]})
    with pytest.raises(DataError, match="2 values of 'x' in one row"):
        from_large_lists(lists, pa.schema([("x", pa.int64())]))


def test_encodes_rows_as_tf_examples_that_are_equal_when_the_rows_are() -> None:
    twice = pa.Table.from_batches([BATCH, BATCH]).combine_chunks().to_batches()[0]
    records = encode(twice)
    assert records[:3] == records[3:]
    assert decode(records[:3], BATCH.schema).equals(BATCH)


def test_the_bytes_of_a_record_are_what_tensorflow_writes() -> None:
    (record,) = encode(pa.RecordBatch.from_pydict({"b": ["x"], "a": [1]}))
    assert record.hex(" ") == "0a 18 0a 0a 0a 01 61 12 05 1a 03 0a 01 01 0a 0a 0a 01 62 12 05 0a 03 0a 01 78"


def test_notices_a_damaged_record_file(tmp_path: Path) -> None:
    file = tmp_path / "x.tfrecord.gz"
    records = RecordFile(file)
    records.write([b"abc", b"defg"])
    records.close()
    assert [*read_records(file)] == [b"abc", b"defg"]
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(DataError, match=r"x\.tfrecord\.gz: .*; expected a whole TFRecord file"):
        [*read_records(file)]


def test_seals_parts_in_the_order_of_their_pieces(tmp_path: Path) -> None:
    examples = Examples(tmp_path)
    for piece in ("00001", "00000"):
        with SplitWriter(examples.split_folder("a"), f"{PART}{piece}", BATCH.schema) as writer:
            writer.write(BATCH if piece == "00000" else BATCH.slice(2))
    seal(examples, BATCH.schema, {"a": 4, "empty": 0})
    assert [batch.num_rows for batch in read_batches(examples, "a")] == [3, 1]
    assert (count_rows(examples, "a"), count_rows(examples, "empty")) == (4, 0)
    assert examples.properties["columns"] == {"i": "int64", "f": "float32", "s": "string", "l": "list<int64>"}


def test_holds_no_more_than_a_row_group(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pydict({"x": ["y" * 1_000] * 50_000})
    with SplitWriter(tmp_path, f"{PART}0", batch.schema) as writer:
        for _ in range(3):
            writer.write(batch)
            assert writer.held_bytes < 64 << 20
    assert writer.rows == 150_000


def test_reads_the_columns_that_are_asked_for(tmp_path: Path) -> None:
    examples = Examples(tmp_path)
    with SplitWriter(examples.split_folder("a"), f"{PART}0", BATCH.schema) as writer:
        writer.write(BATCH)
    seal(examples, BATCH.schema, {"a": 3})
    (batch,) = read_batches(examples, "a", columns=["s", "i"])
    assert batch.to_pydict() == {"s": ["a", None, "ü"], "i": [1, None, 3]}


def test_refuses_a_split_that_does_not_exist(tmp_path: Path) -> None:
    examples = Examples(tmp_path, {"split_names": ["train"], "columns": {}, "payload": "parquet"})
    with pytest.raises(DataError, match=r"no split 'test' in .*; expected one of \['train'\]"):
        [*read_batches(examples, "test")]


def test_names_types_and_reads_their_names() -> None:
    assert column_types(type_names(BATCH.schema)) == BATCH.schema
    with pytest.raises(DataError, match=r"the column 'x' of type struct"):
        type_names(pa.schema([("x", pa.struct([("a", pa.int64())]))]))


@pytest.mark.parametrize(
    "values",
    [[["a"], None, ["b", "c"]], [[1.5, 2.5], [], [3.5]], ["x", None, "y"], [None, None, None]],
    ids=["words", "numbers", "text", "nothing"],
)
def test_a_slice_comes_back_as_it_was(values: list[object]) -> None:
    batch = pa.RecordBatch.from_pydict({"x": values}).slice(1)
    assert from_large_lists(to_large_lists(batch), batch.schema).to_pydict() == {"x": values[1:]}
