"""What decides: bounds by value, and drops against the baseline model with a bootstrap interval."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from components.evaluator.config import Bound, Drop, EvaluationConfig
from components.evaluator.metrics import Floats, Metric
from components.evaluator.slicing import OVERALL
from headrace.artifacts.evaluation import Check, Score, SliceScores


@dataclass(frozen=True)
class Interval:
    """A drop with the ends of its interval: above 0 is worse than the baseline."""

    value: float
    low: float
    high: float


def drop_of(metric: Metric, y: Floats, ours: Floats, theirs: Floats, config: EvaluationConfig, seed: int) -> Interval:
    """Estimate how much worse `ours` is than `theirs`: a paired bootstrap over rows; NaN where it is undefined.

    A resample in which the metric is undefined is left out; where that is more than one in ten, all is undefined.
    """
    one, other = metric.prepare(y, ours), metric.prepare(y, theirs)

    def worse(weights: Floats) -> float:
        return metric.cost(one(weights)) - metric.cost(other(weights))

    draw = np.random.default_rng([config.seed, seed])
    rows = len(y)
    drops = np.array(
        [
            worse(np.bincount(draw.integers(0, rows, rows), minlength=rows).astype(np.float64))
            for _ in range(config.resamples)
        ]
    )
    defined = drops[np.isfinite(drops)]
    if len(defined) < 0.9 * len(drops):
        return Interval(float("nan"), float("nan"), float("nan"))
    outside = (1.0 - config.confidence) / 2.0
    low, high = (float(np.quantile(defined, share)) for share in (outside, 1.0 - outside))
    return Interval(worse(np.ones(rows)), low, high)


def seed_of(slice_name: str, metric: str) -> int:
    """Give each slice and metric draws of its own, whatever else is measured."""
    return crc32(f"{slice_name}|{metric}".encode())


def check_bound(bound: Bound, scores: SliceScores, config: EvaluationConfig) -> Check:
    """Hold a metric of a slice against its limits."""
    value = scores.model[bound.metric]
    missing = _missing(value, scores, config)
    below = value is not None and bound.at_least is not None and value < bound.at_least
    above = value is not None and bound.at_most is not None and value > bound.at_most
    reason = missing or (f"{value:.4g} is not {bound.rule}" if below or above else "")
    return Check(
        slice=scores.slice,
        metric=bound.metric,
        rule=bound.rule,
        value=value,
        verdict="no data" if missing else "fail" if reason else "pass",
        reason=reason,
    )


def check_drop(drop: Drop, found: Interval, scores: SliceScores, config: EvaluationConfig) -> Check:
    """Hold the upper end of a drop's interval against what is allowed."""
    value, low, high = (part if np.isfinite(part) else None for part in (found.value, found.low, found.high))
    missing = _missing(value, scores, config)
    too_much = high is not None and high > drop.at_most
    interval = f"a drop of {found.value:.4g} [{found.low:.4g}, {found.high:.4g}]"
    return Check(
        slice=scores.slice,
        metric=drop.metric,
        rule=drop.rule,
        value=value,
        low=low,
        high=high,
        verdict="no data" if missing else "fail" if too_much else "pass",
        reason=missing or (f"{interval} may be more than {drop.at_most:g}" if too_much else ""),
    )


def refusals(checks: list[Check], config: EvaluationConfig) -> list[str]:
    """List why a model is not blessed: a failed threshold, or no data where that counts as failing."""
    return [
        f"{check.metric} of {check.slice}: {check.reason}"
        for check in checks
        if check.verdict == "fail" or (check.verdict == "no data" and _no_data_fails(check.slice, config))
    ]


def _missing(value: Score, scores: SliceScores, config: EvaluationConfig) -> str:
    if scores.slice != OVERALL and scores.rows < config.minimum_rows:
        return f"{scores.rows} rows are fewer than {config.minimum_rows}"
    return "" if value is not None else f"it is undefined on these {scores.rows} rows"


def _no_data_fails(slice_name: str, config: EvaluationConfig) -> bool:
    return slice_name == OVERALL or config.no_data == "fail"
