"""A few points of the curves that people look at: ROC and calibration, confusion, predictions by decile."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from components.evaluator.config import EvaluationConfig
from components.evaluator.metrics import BINS, Floats

Whole: TypeAlias = npt.NDArray[np.int64]

ROC_POINTS = 50


def curves_of(y: Floats, p: Floats, config: EvaluationConfig) -> dict[str, object]:
    """Return the points for a task; an empty list where there is nothing to draw."""
    match config.task:
        case "binary":
            return {
                "roc": roc(y, p),
                "calibration": calibration(y, p, np.minimum((p * BINS).astype(np.int64), BINS - 1)),
            }
        case "multiclass":
            return {"confusion": confusion(y, p), "classes": list(config.classes) or list(range(p.shape[1]))}
        case "regression":
            deciles = np.unique(np.quantile(p, np.arange(1, BINS) / BINS)) if len(p) else np.zeros(0)
            return {"calibration": calibration(y, p, np.searchsorted(deciles, p, side="right"))}


def roc(y: Floats, p: Floats) -> list[list[float]]:
    """Return [false positive rate, true positive rate] from the highest threshold to the lowest."""
    if not 0 < y.sum() < len(y):
        return []
    order = np.argsort(-p, kind="stable")
    last_of_tie = np.append(np.diff(p[order]) != 0, True)
    true, false = np.cumsum(y[order])[last_of_tie], np.cumsum(1 - y[order])[last_of_tie]
    chosen = np.unique(np.linspace(0, len(true) - 1, min(ROC_POINTS, len(true))).astype(np.int64))
    points = np.stack([false[chosen] / false[-1], true[chosen] / true[-1]], axis=1)
    return [[0.0, 0.0], *([round(float(x), 6), round(float(t), 6)] for x, t in points)]


def calibration(y: Floats, p: Floats, bins: Whole) -> list[dict[str, float]]:
    """Return, for every bin of predictions that holds rows, how many, their mean prediction and their mean label."""
    return [
        {
            "rows": int((inside := bins == one).sum()),
            "predicted": round(float(p[inside].mean()), 6),
            "observed": round(float(y[inside].mean()), 6),
        }
        for one in np.unique(bins)
    ]


def confusion(y: Floats, p: Floats) -> list[list[int]]:
    """Count rows by class (row of the matrix) and most probable class (column)."""
    classes = p.shape[1]
    counts = np.bincount(y.astype(np.int64) * classes + p.argmax(axis=1), minlength=classes * classes)
    return [[int(count) for count in row] for row in counts.reshape(classes, classes)]
