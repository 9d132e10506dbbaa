"""The definitions of metrics, against values worked out by hand and by counting pairs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.evaluator.config import METRICS, Task
from components.evaluator.metrics import Floats, metrics_of

Y = np.array([1.0, 0.0, 1.0, 0.0, 1.0])
P = np.array([0.9, 0.6, 0.4, 0.1, 0.6])

rows = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=30)


def value(task: Task, name: str, y: Floats, p: Floats, weights: Floats | None = None) -> float:
    return metrics_of(task, 0.5)[name].prepare(y, p)(np.ones(len(y)) if weights is None else weights)


@pytest.mark.parametrize("task", METRICS)
def test_every_declared_metric_is_defined(task: Task) -> None:
    assert tuple(metrics_of(task, 0.5)) == METRICS[task]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", 3 / 5),
        ("auc", (2 + 1 + 1.5) / 6),
        ("average_precision", (1 / 3) * 1 + (1 / 3) * (2 / 3) + (1 / 3) * (3 / 4)),
        ("precision", 2 / 3),
        ("recall", 2 / 3),
        ("f1", 2 / 3),
        ("log_loss", -(math.log(0.9) + math.log(0.4) + math.log(0.4) + math.log(0.9) + math.log(0.6)) / 5),
        ("brier", (0.01 + 0.36 + 0.36 + 0.01 + 0.16) / 5),
        ("calibration", 2.6 / 3),
        ("calibration_error", (0.1 + 0.1 + 0.6 + abs(1.2 - 1.0)) / 5),
    ],
)
def test_binary_metric_by_hand(name: str, expected: float) -> None:
    assert value("binary", name, Y, P) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", 3 / 4),
        ("log_loss", -(math.log(0.8) + math.log(0.3) + math.log(0.7) + math.log(0.5)) / 4),
        ("macro_precision", (1 / 2 + 1 + 1) / 3),
        ("macro_recall", (1 + 1 / 2 + 1) / 3),
        ("macro_f1", (2 / 3 + 2 / 3 + 1) / 3),
    ],
)
def test_multiclass_metric_by_hand(name: str, expected: float) -> None:
    p = np.array([[0.8, 0.1, 0.1, 0.0], [0.6, 0.3, 0.1, 0.0], [0.1, 0.7, 0.2, 0.0], [0.2, 0.3, 0.5, 0.0]])
    assert value("multiclass", name, np.array([0.0, 1.0, 1.0, 2.0]), p) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mae", 1.0),
        ("mse", 5 / 3),
        ("rmse", math.sqrt(5 / 3)),
        ("r2", 1 - 5 / 14),
        ("mean_error", 1 / 3),
        ("calibration", 10 / 9),
    ],
)
def test_regression_metric_by_hand(name: str, expected: float) -> None:
    y, p = np.array([1.0, 2.0, 6.0]), np.array([1.0, 4.0, 5.0])
    assert value("regression", name, y, p) == pytest.approx(expected)


@given(rows)
def test_auc_counts_pairs(pairs: list[tuple[bool, int]]) -> None:
    positive, negative = ([p for is_positive, p in pairs if is_positive is wanted] for wanted in (True, False))
    won = sum((a > b) + (a == b) / 2 for a in positive for b in negative)
    y, p = np.array([float(label) for label, _ in pairs]), np.array([score / 4 for _, score in pairs])
    found = value("binary", "auc", y, p)
    if positive and negative:
        assert found == pytest.approx(won / (len(positive) * len(negative)))
    else:
        assert math.isnan(found)


@given(rows, st.data())
@pytest.mark.parametrize("name", METRICS["binary"])
def test_a_weight_counts_like_copies_of_a_row(name: str, pairs: list[tuple[bool, int]], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)))
    y, p = np.array([float(label) for label, _ in pairs]), np.array([score / 4 for _, score in pairs])
    weighted = value("binary", name, y, p, np.array(weights, dtype=np.float64))
    copied = value("binary", name, np.repeat(y, weights), np.repeat(p, weights))
    assert weighted == pytest.approx(copied, nan_ok=True)


@pytest.mark.parametrize(("task", "name"), [(task, name) for task, names in METRICS.items() for name in names])
def test_no_rows_have_no_value(task: Task, name: str) -> None:
    p = np.zeros((0, 3)) if task == "multiclass" else np.zeros(0)
    assert math.isnan(value(task, name, np.zeros(0), p))


@pytest.mark.parametrize(
    ("name", "better", "worse"), [("auc", 0.9, 0.8), ("brier", 0.1, 0.2), ("calibration", 1.1, 0.8)]
)
def test_less_cost_is_better(name: str, better: float, worse: float) -> None:
    metric = metrics_of("binary", 0.5)[name]
    assert metric.cost(better) < metric.cost(worse)
