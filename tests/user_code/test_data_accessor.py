from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.public.tfxio import RecordBatchesOptions, TensorFlowDatasetOptions

from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.errors import DataError, UserCodeError
from headrace.user_code.data_accessor import DataAccessor

SCHEMA = text_format.Parse(
    """
    feature { name: "number" type: FLOAT presence { min_fraction: 1 } shape { } }
    feature { name: "count" type: INT }
    feature { name: "words" type: BYTES }
    feature { name: "label" type: INT presence { min_fraction: 1 } shape { } }
    tensor_representation_group { key: "" value { tensor_representation {
      key: "words" value { ragged_tensor { feature_path { step: "words" } } } } } }
    """,
    schema_pb2.Schema(),
)


def stored(folder: Path, payload: str = "parquet", rows: int = 10) -> str:
    """Write rows whose number, count and label are their position; return the pattern of their files."""
    table = pa.table(
        {
            "number": np.arange(rows, dtype=np.float64),
            "count": pa.array([i if i % 2 else None for i in range(rows)], pa.int64()),
            "words": pa.array([["w"] * (i % 3) for i in range(rows)], pa.list_(pa.string())),
            "label": np.arange(rows),
        }
    )
    examples = Examples(folder)
    with SplitWriter(examples.split_folder("train"), f"{PART}0", table.schema, payload) as writer:
        for batch in table.to_batches():
            writer.write(batch)
    seal(examples, table.schema, {"train": rows}, payload=payload)
    return str(examples.split_folder("train") / "*")


def read(pattern: str, seed: int = 0, **options: object) -> tf.data.Dataset:
    given = TensorFlowDatasetOptions(**{"batch_size": 4, "label_key": "label", "num_epochs": 1, **options})
    return DataAccessor(seed).tf_dataset_factory([pattern], given, SCHEMA)


def labels(rows: tf.data.Dataset) -> list[list[int]]:
    return [label.numpy().tolist() for _, label in rows]


@pytest.mark.parametrize("payload", ["parquet", "tfrecord"])
def test_reads_dense_sparse_and_ragged_features(payload: str, tmp_path: Path) -> None:
    (features, label), *_ = read(stored(tmp_path, payload), shuffle=False)
    np.testing.assert_array_equal(features["number"], [0, 1, 2, 3])
    np.testing.assert_array_equal(tf.sparse.to_dense(features["count"]), [[0], [1], [0], [3]])
    assert features["words"].to_list() == [[], [b"w"], [b"w", b"w"], []]
    np.testing.assert_array_equal(label, [0, 1, 2, 3])


def test_keeps_or_drops_the_last_batch(tmp_path: Path) -> None:
    pattern = stored(tmp_path)
    assert labels(read(pattern, shuffle=False)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert labels(read(pattern, shuffle=False, drop_final_batch=True)) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_is_endless_without_a_number_of_epochs(tmp_path: Path) -> None:
    pattern = stored(tmp_path, rows=3)
    assert labels(read(pattern, shuffle=False, num_epochs=None).take(3)) == [[0, 1, 2, 0], [1, 2, 0, 1], [2, 0, 1, 2]]


def test_shuffles_every_row_once_and_differently_each_time(tmp_path: Path) -> None:
    rows = read(stored(tmp_path, rows=100))
    first, second = ([row for batch in labels(rows) for row in batch] for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(100))
    assert first != second
    assert first != sorted(first)


def test_the_same_seed_gives_the_same_order(tmp_path: Path) -> None:
    pattern = stored(tmp_path, rows=100)
    assert labels(read(pattern, 1)) == labels(read(pattern, 1)) != labels(read(pattern, 2))
    assert labels(read(pattern, 1, shuffle_seed=2)) == labels(read(pattern, 2))


def test_shuffles_within_a_buffer(tmp_path: Path) -> None:
    first, *_ = labels(read(stored(tmp_path, rows=100), shuffle_buffer_size=8))
    assert len(first) == 4


def test_gives_arrow_batches(tmp_path: Path) -> None:
    options = RecordBatchesOptions(batch_size=4, num_epochs=1, shuffle=False)
    batches = list(DataAccessor().record_batch_factory(stored(tmp_path), options, SCHEMA))
    assert [batch.num_rows for batch in batches] == [4, 4, 2]
    assert batches[0].schema.field("number").type == pa.large_list(pa.float32())


def test_names_a_label_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="label_key='late'"):
        read(stored(tmp_path), label_key="late")


def test_names_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file matches"):
        read(str(tmp_path / "Split-nowhere" / "*"))


def test_asks_for_a_schema(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match="without a schema"):
        DataAccessor().tf_dataset_factory(stored(tmp_path), TensorFlowDatasetOptions(batch_size=2))


def test_names_a_column_that_does_not_fit_the_schema(tmp_path: Path) -> None:
    wrong = schema_pb2.Schema()
    wrong.feature.add(name="words", type=schema_pb2.INT)
    options = RecordBatchesOptions(batch_size=4, num_epochs=1)
    with pytest.raises(DataError, match="the column 'words' holds large_binary"):
        next(iter(DataAccessor().record_batch_factory(stored(tmp_path), options, wrong)))
