import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from components.trainer.executor import train
from headrace import progress
from headrace.artifacts.hyperparameters import HyperParameters
from headrace.artifacts.model import Model, ModelRun
from headrace.artifacts.tfrecords import encode
from headrace.errors import DataError, HeadraceError, UserCodeError
from headrace.user_code.fn_args import SplitArgs
from tests.components import passenger_models
from tests.components.passengers import fitted, made, table

TRAIN, EVAL = SplitArgs(splits=("train",)), SplitArgs(splits=("eval",))


def trained(
    folder: Path,
    run_fn: Callable[..., object] = passenger_models.run_fn,
    *,
    train_args: SplitArgs = TRAIN,
    best: HyperParameters | None = None,
) -> tuple[Model, ModelRun]:
    model, run = made(Model, folder / "model"), made(ModelRun, folder / "model_run")
    done = fitted()
    train(done.transformed, done.graph, done.schema, best, None, run_fn, train_args, EVAL, {}, 7, model, run)
    return model, run


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return trained(tmp_path_factory.mktemp("trained"))[0]


def preview(model: Model) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(model.preview_file.read_text())["content"]
    return content


def test_serves_raw_rows_by_example_and_by_name(model: Model) -> None:
    rows = table(5, 9).drop(["survived"]).combine_chunks().to_batches()[0]
    loaded = tf.saved_model.load(str(model.serving))
    by_example = loaded.signatures["serving_default"](examples=tf.constant(encode(rows)))["outputs"]
    features = {
        "age": tf.constant(rows["age"].to_numpy(zero_copy_only=False).astype(np.float32)[:, None]),
        "fare": tf.constant(rows["fare"].to_numpy().astype(np.float32)),
        "deck": tf.constant(rows["deck"].to_numpy()),
        "port": tf.constant(rows["port"].to_pylist()),
    }
    by_name = loaded.signatures["raw_features"](**features)["outputs"]
    assert by_example.shape == (5, 1)
    np.testing.assert_allclose(by_example, by_name, rtol=1e-6)


def test_serves_what_the_model_would_see(model: Model) -> None:
    rows = table(5, 9).drop(["survived"]).combine_chunks().to_batches()[0]
    loaded = tf.saved_model.load(str(model.serving))
    seen = loaded.signatures["transform_features"](examples=tf.constant(encode(rows)))
    assert "survived" not in seen
    assert seen["fare_z"].shape == (5,)


def test_hands_on_the_span(model: Model) -> None:
    assert model.span == 3


def test_previews_signatures_size_parameters_and_curve(model: Model) -> None:
    content = preview(model)
    assert content["signatures"]["serving_default"]["inputs"] == [
        {"name": "examples", "type": "string", "shape": [None]}
    ]
    assert content["bytes"] > 1000
    assert content["parameters"] == 2 * 4 + 4 + 4 + 1
    (curve,) = content["curves"]
    assert len(curve["epochs"]) == 2
    assert curve["epochs"][1]["val_loss"] < curve["epochs"][0]["val_loss"]


def test_the_same_seed_trains_the_same_model(model: Model, tmp_path: Path) -> None:
    again, run = trained(tmp_path)
    assert preview(again)["curves"] == preview(model)["curves"]
    assert any(run.path.rglob("events.out.tfevents.*"))


def test_takes_hyperparameters(tmp_path: Path) -> None:
    best = made(HyperParameters, tmp_path / "best")
    best.write({"space": [], "values": {"units": 8, "rate": 0.05}})
    model, _ = trained(tmp_path, best=best)
    assert preview(model)["parameters"] == 2 * 8 + 8 + 8 + 1


def test_reports_epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[tuple[str, float | None, float | None]] = []
    monkeypatch.setattr(progress, "_sink", lambda what, done, total, _: reported.append((what, done, total)))
    trained(tmp_path)
    assert reported == [("epoch", 1, 2), ("epoch", 2, 2)]


@pytest.mark.parametrize(
    ("run_fn", "train_args", "error", "says"),
    [
        pytest.param(
            passenger_models.loses_its_loss, TRAIN, UserCodeError, "the loss is (nan|inf) .*epoch 1", id="nan"
        ),
        pytest.param(passenger_models.saves_nothing, TRAIN, UserCodeError, "holds no SavedModel", id="no model"),
        pytest.param(passenger_models.saves_no_signature, TRAIN, UserCodeError, "no signature", id="no signature"),
        pytest.param(passenger_models.wants_another_label, TRAIN, DataError, "label_key='surived'", id="no label"),
        pytest.param(
            passenger_models.run_fn,
            SplitArgs(splits=("trian",)),
            DataError,
            "no rows in the split 'trian'",
            id="no split",
        ),
    ],
)
def test_refuses(
    run_fn: Callable[..., object], train_args: SplitArgs, error: type[HeadraceError], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        trained(tmp_path, run_fn, train_args=train_args)
