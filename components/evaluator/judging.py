"""From scores to metrics by slice, checks and the reasons against a blessing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from components.evaluator.config import Drop, EvaluationConfig
from components.evaluator.metrics import Floats, Metric, metrics_of
from components.evaluator.scored import Scored
from components.evaluator.slicing import Slice, slices_of
from components.evaluator.thresholds import check_bound, check_drop, drop_of, refusals, seed_of
from headrace.artifacts.evaluation import Check, Score, SliceScores


@dataclass(frozen=True)
class Judgement:
    """Everything that was measured, and why the model is refused, if it is."""

    slices: Sequence[SliceScores]
    checks: Sequence[Check]
    refusals: Sequence[str]


def judge(scored: Scored, config: EvaluationConfig) -> Judgement:
    """Compute the metrics of every slice and hold them against the thresholds."""
    metrics = metrics_of(config.task, config.decision_threshold)
    measured = {name: metrics[name] for name in config.measured}
    guess = constant_guess(scored.y, scored.predictions[0])
    found: list[SliceScores] = []
    checks: list[Check] = []
    for part in slices_of(scored.columns, config.slices, len(scored.y)):
        scores = _scores(part, scored, measured, guess)
        found.append(scores)
        checks += [check_bound(bound, scores, config) for bound in config.bounds if bound.by == part.by]
        if len(scored.predictions) > 1:
            checks += _checked_drops(part, scores, scored, metrics, config)
    return Judgement(found, checks, [*_not_finite(scored), *refusals(checks, config)])


def constant_guess(y: Floats, like: Floats) -> Floats:
    """Predict for every row what all labels together say: the share of each class, or the mean."""
    if like.ndim == 1:
        return np.full(len(y), y.mean() if len(y) else 0.0)
    shares = np.bincount(y.astype(np.int64), minlength=like.shape[1]) / max(len(y), 1)
    return np.tile(shares, (len(y), 1))


def _scores(part: Slice, scored: Scored, metrics: Mapping[str, Metric], guess: Floats) -> SliceScores:
    y = scored.y[part.rows]
    ours, *theirs = (_values(metrics, y, predicted[part.rows]) for predicted in scored.predictions)
    return SliceScores(
        slice=part.name,
        rows=len(part.rows),
        model=ours,
        baseline=theirs[0] if theirs else None,
        guess=_values(metrics, y, guess[part.rows]),
    )


def _values(metrics: Mapping[str, Metric], y: Floats, p: Floats) -> dict[str, Score]:
    ones = np.ones(len(y))
    values = {name: metric.prepare(y, p)(ones) for name, metric in metrics.items()}
    return {name: float(value) if np.isfinite(value) else None for name, value in values.items()}


def _checked_drops(
    part: Slice, scores: SliceScores, scored: Scored, metrics: Mapping[str, Metric], config: EvaluationConfig
) -> Iterator[Check]:
    y = scored.y[part.rows]
    ours, theirs = (predicted[part.rows] for predicted in scored.predictions)
    for drop in _drops_for(part, config):
        seed = seed_of(part.name, drop.metric)
        found = drop_of(metrics[drop.metric], y, ours, theirs, config, seed)
        yield check_drop(drop, found, scores, config)


def _drops_for(part: Slice, config: EvaluationConfig) -> list[Drop]:
    return [drop for drop in config.drops if drop.by == part.by]


def _not_finite(scored: Scored) -> list[str]:
    count, total = scored.not_finite[0], len(scored.y) + scored.not_finite[0]
    return [f"{count} of {total} predictions are not finite"] if count else []
