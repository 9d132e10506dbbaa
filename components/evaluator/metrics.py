"""Metrics: their exact definitions, as functions of the weights of rows.

A metric is prepared once for the rows of a slice and then asked with many weights: ones for its value, the counts of a
resample for its interval. It is NaN where it is undefined. `y` is the label, `p` the prediction, sums go over rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from components.evaluator.config import Task

Floats: TypeAlias = npt.NDArray[np.float64]
Weighted: TypeAlias = Callable[[Floats], float]
Prepare: TypeAlias = Callable[[Floats, Floats], Weighted]

FLOOR = 1e-7
"""Probabilities are kept this far from 0 and 1 in log losses."""
BINS = 10


@dataclass(frozen=True)
class Metric:
    """A definition: in words, which way is better, and how it is computed from labels and predictions."""

    better: Literal["higher", "lower", "near 1", "near 0"]
    words: str
    prepare: Prepare

    def cost(self, value: float) -> float:
        """Turn a value into one of which less is better, in the metric's own unit."""
        match self.better:
            case "higher":
                return -value
            case "lower":
                return value
            case "near 1":
                return abs(value - 1.0)
            case "near 0":
                return abs(value)


def ratio(above: Floats, below: Floats) -> Weighted:
    """Divide two weighted sums."""

    def of(weights: Floats) -> float:
        total = float(weights @ below)
        return float(weights @ above) / total if total else float("nan")

    return of


def mean(values: Floats) -> Weighted:
    return ratio(values, np.ones_like(values))


def _by_prediction(y: Floats, p: Floats) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Return how to sum weights over rows of equal predictions, the lowest first: of all rows, and of the positive."""
    order = np.argsort(p, kind="stable")
    starts, positive = np.flatnonzero(np.diff(p[order], prepend=-np.inf)), y[order]

    def sums(weights: Floats) -> tuple[Floats, Floats]:
        sorted_weights = weights[order]
        if not len(order):
            return sorted_weights, sorted_weights
        return np.add.reduceat(sorted_weights, starts), np.add.reduceat(sorted_weights * positive, starts)

    return sums


def auc(y: Floats, p: Floats) -> Weighted:
    """Count, over pairs of a positive and a negative row, how often the positive one ranks higher; ties count half."""
    sums = _by_prediction(y, p)

    def of(weights: Floats) -> float:
        rows, positive = sums(weights)
        negative = rows - positive
        below = np.cumsum(negative) - negative
        pairs = positive.sum() * negative.sum()
        return float(positive @ (below + negative / 2.0) / pairs) if pairs else float("nan")

    return of


def average_precision(y: Floats, p: Floats) -> Weighted:
    """Sum precision times the gain in recall over thresholds, from the highest; equal predictions are one threshold."""
    sums = _by_prediction(y, -p)

    def of(weights: Floats) -> float:
        rows, hits = sums(weights)
        everything, found = np.cumsum(rows), np.cumsum(hits)
        precision = np.divide(found, everything, out=np.zeros(len(found)), where=everything > 0)
        return float(hits @ precision / found[-1]) if len(found) and found[-1] else float("nan")

    return of


def calibration_error(y: Floats, p: Floats) -> Weighted:
    """Average, over ten bins of equal width, the distance between mean prediction and mean label, weighted by rows."""
    bins = np.minimum((p * BINS).astype(np.int64), BINS - 1)

    def of(weights: Floats) -> float:
        gaps = np.bincount(bins, weights * (p - y), BINS)
        return float(np.abs(gaps).sum() / weights.sum()) if weights.sum() else float("nan")

    return of


def r2(y: Floats, p: Floats) -> Weighted:
    """Compare squared errors with those of the mean label of the same rows."""

    def of(weights: Floats) -> float:
        if not (total := weights.sum()):
            return float("nan")
        spread = float(weights @ (y - weights @ y / total) ** 2)
        return 1.0 - float(weights @ (y - p) ** 2) / spread if spread else float("nan")

    return of


def rmse(y: Floats, p: Floats) -> Weighted:
    squared = mean((y - p) ** 2)
    return lambda weights: float(np.sqrt(squared(weights)))


def macro(name: Literal["precision", "recall", "f1"]) -> Prepare:
    """Average a metric over the classes that occur among labels or predictions."""

    def prepare(y: Floats, p: Floats) -> Weighted:
        truth, guess, classes = y.astype(np.int64), p.argmax(axis=1), p.shape[1]

        def of(weights: Floats) -> float:
            hits = np.bincount(truth[truth == guess], weights[truth == guess], classes)
            actual, predicted = np.bincount(truth, weights, classes), np.bincount(guess, weights, classes)
            below = {"precision": predicted, "recall": actual, "f1": (actual + predicted) / 2.0}[name]
            there = (actual + predicted) > 0
            values = np.divide(hits, below, out=np.zeros(classes), where=below > 0)
            return float(values[there].mean()) if there.any() else float("nan")

        return of

    return prepare


def binary_metrics(threshold: float) -> dict[str, Metric]:
    """Define the metrics of two classes; `y` is 1 for the positive class, else 0, and `p` its probability."""

    def said(p: Floats) -> Floats:
        return (p >= threshold).astype(np.float64)

    def log_loss(y: Floats, p: Floats) -> Weighted:
        kept = np.clip(p, FLOOR, 1.0 - FLOOR)
        return mean(-(y * np.log(kept) + (1.0 - y) * np.log(1.0 - kept)))

    return {
        "accuracy": Metric(
            "higher", f"share of rows where (p >= {threshold:g}) is y", lambda y, p: mean((said(p) == y) * 1.0)
        ),
        "auc": Metric("higher", "share of (positive, negative) pairs in the right order; ties count half", auc),
        "average_precision": Metric("higher", "sum of precision x gain in recall over thresholds", average_precision),
        "precision": Metric(
            "higher", f"share of y = 1 among p >= {threshold:g}", lambda y, p: ratio(said(p) * y, said(p))
        ),
        "recall": Metric("higher", f"share of p >= {threshold:g} among y = 1", lambda y, p: ratio(said(p) * y, y)),
        "f1": Metric(
            "higher", "harmonic mean of precision and recall", lambda y, p: ratio(2.0 * said(p) * y, said(p) + y)
        ),
        "log_loss": Metric("lower", "mean of -ln of the probability given to y, in nats", log_loss),
        "brier": Metric("lower", "mean of (p - y)^2", lambda y, p: mean((p - y) ** 2)),
        "calibration": Metric("near 1", "sum of p / sum of y", lambda y, p: ratio(p, y)),
        "calibration_error": Metric("lower", "mean |mean p - mean y| over ten bins of p", calibration_error),
    }


def _given_to_truth(y: Floats, p: Floats) -> Floats:
    given: Floats = p[np.arange(len(p)), y.astype(np.int64)]
    return given


MULTICLASS = {
    "accuracy": Metric(
        "higher", "share of rows whose most probable class is y", lambda y, p: mean((p.argmax(axis=1) == y) * 1.0)
    ),
    "log_loss": Metric(
        "lower",
        "mean of -ln of the probability given to y, in nats",
        lambda y, p: mean(-np.log(np.clip(_given_to_truth(y, p), FLOOR, 1.0))),
    ),
    "macro_precision": Metric("higher", "precision, averaged over the classes that occur", macro("precision")),
    "macro_recall": Metric("higher", "recall, averaged over the classes that occur", macro("recall")),
    "macro_f1": Metric("higher", "f1, averaged over the classes that occur", macro("f1")),
}

REGRESSION = {
    "mae": Metric("lower", "mean of |p - y|", lambda y, p: mean(np.abs(p - y))),
    "mse": Metric("lower", "mean of (p - y)^2", lambda y, p: mean((p - y) ** 2)),
    "rmse": Metric("lower", "square root of the mean of (p - y)^2", rmse),
    "r2": Metric("higher", "1 - sum of (p - y)^2 / sum of (mean y - y)^2, both over the same rows", r2),
    "mean_error": Metric("near 0", "mean of p - y", lambda y, p: mean(p - y)),
    "calibration": Metric("near 1", "sum of p / sum of y", lambda y, p: ratio(p, y)),
}


def metrics_of(task: Task, threshold: float) -> Mapping[str, Metric]:
    """Return all metrics of a task, by name."""
    return {"binary": binary_metrics(threshold), "multiclass": MULTICLASS, "regression": REGRESSION}[task]
