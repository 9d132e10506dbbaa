"""What an evaluation measures, and what a model must reach to be blessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from headrace.errors import DeclarationError

FEWEST_RESAMPLES = 100

Task = Literal["binary", "multiclass", "regression"]

METRICS: Mapping[Task, tuple[str, ...]] = {
    "binary": (
        "accuracy",
        "auc",
        "average_precision",
        "precision",
        "recall",
        "f1",
        "log_loss",
        "brier",
        "calibration",
        "calibration_error",
    ),
    "multiclass": ("accuracy", "log_loss", "macro_precision", "macro_recall", "macro_f1"),
    "regression": ("mae", "mse", "rmse", "r2", "mean_error", "calibration"),
}
"""The metrics of each task; `components/evaluator/metrics.py` defines them."""


@dataclass(frozen=True, kw_only=True)
class Slicing:
    """Rows by the values of a column; several columns are crossed.

    `bins` cuts a numeric column at ascending edges: `{"distance": (500, 1000)}` makes `<500`, `500..1000` and `>=1000`.
    A missing value is a slice of its own.
    """

    by: tuple[str, ...]
    bins: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unsorted = [name for name, edges in self.bins.items() if not edges or sorted(set(edges)) != list(edges)]
        if not self.by or len(set(self.by)) < len(self.by) or not self.bins.keys() <= set(self.by) or unsorted:
            raise DeclarationError(
                found=f"Slicing(by={self.by}, bins={dict(self.bins)})",
                expected="one or more different columns, and ascending edges for some of them",
                do="Correct it",
            )


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A metric's limits: over all rows, or, with the columns `by` of a slicing, in each of its slices."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    by: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        limits = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{words} {limit:g}" for words, limit in limits if limit is not None)


@dataclass(frozen=True, kw_only=True)
class Drop:
    """How much worse than the baseline model a metric may be, in its own unit; it holds when chance cannot hide more.

    The rows are drawn again with replacement, the same draws for both models; the model passes when the upper end of
    the interval of its drop is not above `at_most`. For a metric that is best near 1 or 0 the drop is in its distance.
    """

    metric: str
    at_most: float
    by: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        return f"at most {self.at_most:g} worse than the baseline"


@dataclass(frozen=True, kw_only=True)
class EvaluationConfig:
    """What is measured on the serving signature, and what decides.

    `positive` is the label of the positive class (task binary); `classes` are the labels in the order of the model's
    outputs (multiclass; empty: the labels are 0, 1, …). `prediction` names the signature's output, empty where there
    is but one; it holds probabilities, or logits with `logits=True`. `metrics` are all of the task, where empty.
    A row without a label is counted and left out. A slice below `minimum_rows` rows, or one in which a metric is
    undefined (one class), has no data: its thresholds then hold, or do not, as `no_data` says. Over all rows, an
    undefined metric never passes. `resamples`, `seed` and `confidence` (two-sided) are of the intervals of `drops`.
    """

    label: str
    task: Task = "binary"
    positive: str | int | float | bool = 1
    classes: tuple[str | int, ...] = ()
    prediction: str = ""
    logits: bool = False
    decision_threshold: float = 0.5
    signature: str = "serving_default"
    splits: tuple[str, ...] = ("eval",)
    metrics: tuple[str, ...] = ()
    slices: tuple[Slicing, ...] = ()
    bounds: tuple[Bound, ...] = ()
    drops: tuple[Drop, ...] = ()
    minimum_rows: int = 30
    no_data: Literal["pass", "fail"] = "pass"
    resamples: int = 500
    confidence: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        _known("task", [self.task], METRICS)
        _known("metric", [*self.metrics, *(threshold.metric for threshold in self.thresholds)], METRICS[self.task])
        slicings = {slicing.by for slicing in self.slices} | {()}
        _known("slicing", [threshold.by for threshold in self.thresholds], sorted(slicings))
        self._check_numbers()

    def _check_numbers(self) -> None:
        wrong = [f"{bound} has no limit" for bound in self.bounds if not bound.rule]
        wrong += [f"{drop} allows less than 0" for drop in self.drops if drop.at_most < 0]
        wrong += [] if self.splits else ["splits is empty"]
        wrong += (
            [] if self.resamples >= FEWEST_RESAMPLES else [f"resamples={self.resamples} is below {FEWEST_RESAMPLES}"]
        )
        wrong += [] if 0 < self.confidence < 1 else [f"confidence={self.confidence} is not between 0 and 1"]
        wrong += [] if self.minimum_rows >= 1 else [f"minimum_rows={self.minimum_rows} is below 1"]
        if wrong:
            raise DeclarationError(
                found="; ".join(wrong), expected="numbers that can decide something", do="Correct EvaluationConfig"
            )

    @property
    def thresholds(self) -> tuple[Bound | Drop, ...]:
        return (*self.bounds, *self.drops)

    @property
    def measured(self) -> tuple[str, ...]:
        """The metrics that are computed: those asked for and those that decide; all, where none is asked for."""
        if not self.metrics:
            return METRICS[self.task]
        return tuple(dict.fromkeys([*self.metrics, *(threshold.metric for threshold in self.thresholds)]))


def _known(what: str, given: Iterable[object], known: Iterable[object]) -> None:
    names = list(known)
    if unknown := [name for name in given if name not in names]:
        raise DeclarationError(
            found=f"EvaluationConfig names the {what} {unknown[0]!r}",
            expected=f"one of {names}",
            do="Correct the name" if what != "slicing" else "Add that slicing to slices, or correct by=",
        )
