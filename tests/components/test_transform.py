import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import tensorflow_transform as tft

from components.transform.executor import analyze_and_transform
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import read_batches
from headrace.artifacts.transform_graph import TransformGraph
from headrace.errors import DataError, UserCodeError
from tests.components import passenger_features
from tests.components.passengers import Fitted, examples_of, fit, fitted, made, schema_of, table


def stored(examples: Examples, split: str) -> pa.Table:
    return pa.Table.from_batches(read_batches(examples, split))


def content() -> dict[str, Any]:
    preview: dict[str, Any] = json.loads(fitted().graph.preview_file.read_text())
    return dict(preview["content"])


def test_writes_the_layout_that_tft_reads() -> None:
    output = tft.TFTransformOutput(str(fitted().graph.path))
    assert {feature.name for feature in output.raw_metadata.schema.feature} == {
        "age",
        "deck",
        "fare",
        "port",
        "survived",
    }
    assert output.vocabulary_size_by_name("port") == 3
    assert "letters" in output.transformed_feature_spec()


def test_keeps_splits_rows_span_and_order() -> None:
    done = fitted()
    assert done.transformed.rows == {"train": 400, "eval": 150}
    assert (done.transformed.span, done.transformed.version) == (3, 1)
    labels = stored(done.transformed, "eval")["survived"].to_numpy()
    np.testing.assert_array_equal(labels, table(150, 1)["survived"].to_numpy())


def test_scales_with_the_numbers_of_the_analyzed_split() -> None:
    fares = table(400, 0)["fare"].to_numpy()
    expected = (table(150, 1)["fare"].to_numpy() - fares.mean()) / fares.std()
    np.testing.assert_allclose(
        stored(fitted().transformed, "eval")["fare_z"].to_numpy(), expected, rtol=1e-4, atol=1e-5
    )


def test_stores_dense_ragged_and_sparse_features() -> None:
    assert fitted().transformed.columns == {
        "age": "list<float32>",
        "age_z": "float32",
        "both": "list<float32>",
        "fare_bucket": "int64",
        "fare_z": "float32",
        "letters": "list<bytes>",
        "port_id": "int64",
        "survived": "int64",
    }
    first = stored(fitted().transformed, "train").slice(0, 1).to_pylist()[0]
    assert b"".join(first["letters"]).decode() == table(400, 0)["port"][0].as_py()


def test_previews_where_each_feature_comes_from() -> None:
    sources = {feature["name"]: feature["from"] for feature in content()["features"]}
    assert sources["both"] == ["deck", "fare"]
    assert sources["fare_bucket"] == ["fare"]
    assert sources["port_id"] == sources["letters"] == ["port"]
    assert content()["unused"] == []


def test_previews_what_analyzers_found() -> None:
    analyzers = {analyzer["name"]: analyzer for analyzer in content()["analyzers"]}
    boundaries = analyzers["bucketize/quantiles"]
    assert boundaries["from"] == ["fare"]
    assert len(boundaries["values"][0]) == 3
    vocabulary = next(analyzer for analyzer in analyzers.values() if "vocabulary" in analyzer)
    assert (vocabulary["vocabulary"], vocabulary["size"], vocabulary["from"]) == ("port", 3, ["port"])


def small(folder: Path, function: Any) -> Fitted:
    return fit(folder, examples_of(folder / "raw", train=table(60, 2)), schema_of(folder / "schema"), function, {})


def test_nests_analyzers_three_deep(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        done = small(tmp_path, passenger_features.nested_three_deep)
    assert abs(stored(done.transformed, "train")["fare"].to_numpy().mean()) < 1e-5
    assert "three deep" in caplog.text


def test_needs_no_analyzer(tmp_path: Path) -> None:
    done = small(tmp_path, passenger_features.without_analyzers)
    np.testing.assert_allclose(
        stored(done.transformed, "train")["fare"].to_numpy(), 2 * table(60, 2)["fare"].to_numpy(), rtol=1e-6
    )


def test_names_the_line_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match=r"passenger_features.py:\d+ in fails: KeyError: 'cabin'"):
        small(tmp_path, passenger_features.fails)


def test_refuses_a_function_that_returns_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match="returns_nothing returns NoneType"):
        small(tmp_path, passenger_features.returns_nothing)


def test_tells_what_a_function_found_in_the_data(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match="fare above 20"):
        small(tmp_path, passenger_features.refuses_a_value)


def test_names_a_missing_split(tmp_path: Path) -> None:
    done = fitted()
    graph, transformed = made(TransformGraph, tmp_path / "g"), made(Examples, tmp_path / "t")
    with pytest.raises(DataError, match="no split 'tset'"):
        analyze_and_transform(
            done.examples, done.schema, passenger_features.without_analyzers, {}, ("tset",), True, graph, transformed
        )


def test_names_the_column_that_is_missing_in_some_rows(tmp_path: Path) -> None:
    raw = examples_of(tmp_path / "raw", train=table(60, 2))
    schema = schema_of(tmp_path / "schema", always=("age", "fare", "deck", "port", "survived"))
    with pytest.raises(DataError, match=r"missing values in age \(\d+ of 60 rows\)"):
        fit(tmp_path, raw, schema, passenger_features.without_analyzers, {})


def test_transforms_an_empty_split_into_an_empty_split(tmp_path: Path) -> None:
    raw = examples_of(tmp_path / "raw", train=table(60, 2), eval=table(0, 2))
    done = fit(tmp_path, raw, schema_of(tmp_path / "schema"), passenger_features.without_analyzers, {})
    assert done.transformed.rows == {"train": 60, "eval": 0}


def test_refuses_to_fit_to_nothing(tmp_path: Path) -> None:
    raw = examples_of(tmp_path / "raw", train=table(0, 2))
    with pytest.raises(DataError, match="no rows in the splits"):
        fit(tmp_path, raw, schema_of(tmp_path / "schema"), passenger_features.without_analyzers, {})


def test_reads_records_as_well(tmp_path: Path) -> None:
    raw = examples_of(tmp_path / "raw", "tfrecord", train=table(60, 2))
    done = fit(tmp_path, raw, schema_of(tmp_path / "schema"), passenger_features.without_analyzers, {})
    np.testing.assert_allclose(
        stored(done.transformed, "train")["fare"].to_numpy(), 2 * table(60, 2)["fare"].to_numpy(), rtol=1e-6
    )


def test_equal_inputs_make_equal_bytes(tmp_path: Path) -> None:
    first = fitted()
    again = fit(tmp_path, first.examples, first.schema, passenger_features.preprocessing_fn, {"buckets": 4})
    assert bytes_of(again.graph.path) == bytes_of(first.graph.path)
    assert bytes_of(again.transformed.path) == bytes_of(first.transformed.path)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
