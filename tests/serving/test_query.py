"""What a canary finds out about a model, asked in this process."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from headrace.errors import DataError
from headrace.serving.made_up import example_for
from headrace.serving.model import load_model
from headrace.serving.query import query
from headrace.serving.requests import write_requests
from tests.serving.saved_models import save_linear


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    (tmp_path / "kinds.txt").write_text("a\nb\n")
    return tmp_path / "kinds.txt"


@pytest.mark.parametrize("signature", ["serving_default", "features"])
def test_a_good_model_answers_a_made_up_row(tmp_path: Path, vocabulary: Path, signature: str) -> None:
    assert query(save_linear(tmp_path / "model", vocabulary=vocabulary), signature) == ""


def test_a_made_up_example_holds_what_the_graph_must_parse(tmp_path: Path) -> None:
    example = example_for(load_model(save_linear(tmp_path / "model"), "serving_default").call)
    assert sorted(example.features.feature) == ["kind", "x"]
    assert [*example.features.feature["x"].float_list.value] == [1.0]


def truncate_variables(model: Path) -> None:
    (file,) = (model / "variables").glob("*.data-*")
    with file.open("r+b") as opened:
        opened.truncate(3)


def lose_vocabulary(model: Path) -> None:
    (file,) = (model / "assets").iterdir()
    file.unlink()


def empty_graph(model: Path) -> None:
    (model / "saved_model.pb").write_bytes(b"not a graph")


@pytest.mark.parametrize("damage", [truncate_variables, lose_vocabulary, empty_graph])
def test_a_damaged_model_is_named_in_a_line(tmp_path: Path, vocabulary: Path, damage: Any) -> None:
    damage(model := save_linear(tmp_path / "model", vocabulary=vocabulary))
    with pytest.raises(DataError, match=r"model (cannot be loaded|does not answer)") as raised:
        query(model, "serving_default")
    assert "\n" not in str(raised.value)


def test_a_signature_that_is_not_there_is_listed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"signatures \['features', 'serving_default'\]; expected the signature 'p'"):
        query(save_linear(tmp_path / "model"), "p")


def test_numbers_that_are_not_finite_are_found(tmp_path: Path) -> None:
    model = save_linear(tmp_path / "model", weight=float("nan"))
    assert query(model, "features") == (
        "'features' answers a made-up row with numbers that are not finite in ['probability']"
    )


def test_a_model_that_answers_otherwise_than_before_is_found(tmp_path: Path) -> None:
    judged, copy = save_linear(tmp_path / "judged"), save_linear(tmp_path / "copy", bias=0.1)
    request = {"x": np.ones((2, 1), dtype=np.float32), "kind": np.array([b"a", b"\xff"], dtype=object)}
    answer = load_model(judged, "features").ask(request)
    write_requests(tmp_path / "requests.json", "features", request, answer)
    assert query(judged, "serving_default", tmp_path / "requests.json") == ""
    found = query(copy, "serving_default", tmp_path / "requests.json")
    assert found == "its answers in ['probability'] are not those it was evaluated with"


def test_answers_without_a_row_each_are_refused(tmp_path: Path) -> None:
    module = tf.Module()
    total = tf.function(lambda x: {"sum": tf.reduce_sum(x)}, input_signature=[tf.TensorSpec([None], tf.float32)])
    tf.saved_model.save(module, str(tmp_path / "model"), signatures=total)
    with pytest.raises(DataError, match="one prediction per row"):
        query(tmp_path / "model", "serving_default")
