"""Rows of Arrow as signatures take them."""

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf

from headrace.errors import DataError
from headrace.serving.encode import to_array, to_examples
from headrace.serving.signature import AsExamples, AsFeatures, TensorKind, feed_of

TEXT, NUMBERS = TensorKind("string", ()), TensorKind("float32", (1,))


def test_rows_become_examples_that_tensorflow_parses() -> None:
    batch = pa.RecordBatch.from_pydict(
        {
            "x": pa.array([1.5, None], pa.float64()),
            "n": pa.array([7, None], pa.int32()),
            "text": ["é", None],
            "several": pa.array([[1, 2], None], pa.list_(pa.int64())),
            "nothing": pa.nulls(2),
        }
    )
    spec = {
        "x": tf.io.FixedLenFeature([], tf.float32, default_value=-1.0),
        "n": tf.io.FixedLenFeature([], tf.int64, default_value=-1),
        "text": tf.io.FixedLenFeature([], tf.string, default_value="?"),
        "several": tf.io.RaggedFeature(tf.int64),
        "nothing": tf.io.FixedLenFeature([], tf.float32, default_value=-1.0),
    }
    parsed = tf.io.parse_example(to_examples(batch), spec)
    assert parsed["x"].numpy().tolist() == [1.5, -1.0]
    assert parsed["n"].numpy().tolist() == [7, -1]
    assert parsed["text"].numpy().tolist() == ["é".encode(), b"?"]
    assert parsed["several"].to_list() == [[1, 2], []]
    assert parsed["nothing"].numpy().tolist() == [-1.0, -1.0]


@pytest.mark.parametrize(
    ("column", "dtype", "width", "expected"),
    [
        (pa.array([1, 2], pa.int64()), "float32", (1,), [[1.0], [2.0]]),
        (pa.array([1, 2], pa.int64()), "int32", (), [1, 2]),
        (pa.array([1.5, None]), "float32", (), [1.5, np.nan]),
        (pa.array([[1.5], None, []], pa.list_(pa.float32())), "float64", (None,), [[1.5], [np.nan], [np.nan]]),
        (pa.array([1, None], pa.int64()), "int64", (None,), [[1], [np.iinfo(np.int64).min]]),
        (pa.array([[1, 2], [3, 4]], pa.list_(pa.int64())), "int64", (2,), [[1, 2], [3, 4]]),
        (pa.array(["a", None]), "object", (), [b"a", b""]),
        (pa.array(["a", "b"]).dictionary_encode(), "object", (1,), [[b"a"], [b"b"]]),
    ],
)
def test_a_column_takes_the_type_and_shape_of_an_input(
    column: pa.Array, dtype: str, width: tuple[int | None, ...], expected: list[object]
) -> None:
    found = to_array("c", column, dtype, width)
    np.testing.assert_array_equal(found, np.array(expected, dtype=dtype))
    assert found.dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    ("column", "dtype", "width", "message"),
    [
        (pa.array([1, None], pa.int64()), "int64", (), "1 missing values in the column 'c'"),
        (pa.array(["a"]), "float32", (), "the column 'c' of type string; expected the float32"),
        (pa.array([1.0]), "object", (), "the column 'c' of type double; expected the text"),
        (pa.array([[1, 2]]), "int64", (3,), r"2 values per row in the column 'c'; expected the shape \['rows', 3\]"),
        (pa.array([[1, 2], [3]]), "int64", (None,), "lists of different lengths"),
        (pa.array([[1, 2], None]), "int64", (2,), "lists of different lengths"),
    ],
)
def test_a_column_that_does_not_fit_is_refused(
    column: pa.Array, dtype: str, width: tuple[int | None, ...], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        to_array("c", column, dtype, width)


@pytest.mark.parametrize(
    ("inputs", "columns", "feed"),
    [
        ({"examples": TEXT}, ["x"], AsExamples("examples", flat=True)),
        ({"examples": TensorKind("string", (1,))}, ["x"], AsExamples("examples", flat=False)),
        ({"text": TEXT}, ["text", "x"], AsFeatures({"text": TEXT})),
        ({"x": NUMBERS, "text": TEXT}, ["text", "x", "other"], AsFeatures({"x": NUMBERS, "text": TEXT})),
    ],
)
def test_a_signature_decides_how_it_is_fed(inputs: dict[str, TensorKind], columns: list[str], feed: object) -> None:
    assert feed_of(inputs, columns) == feed


def test_a_signature_that_cannot_be_fed_is_refused_with_both_lists() -> None:
    with pytest.raises(DataError, match=r"inputs are \['text', 'x'\], and rows with the columns \['x', 'y'\]"):
        feed_of({"x": NUMBERS, "text": TEXT}, ["y", "x"])
