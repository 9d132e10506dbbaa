"""Limits on what may differ: `drift=0.1,metric.auc=-0.01,schema`, and what is past them.

A limit that there was nothing to measure by, or not all of it, is past: a check that checks nothing does not pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite, isnan

from headrace.compare.comparison import Comparison
from headrace.compare.metrics import NEAR, MetricChange
from headrace.compare.statistics import FeatureDiff
from headrace.errors import UsageError

DISTANCES = ("drift", "infinity_norm", "jensen_shannon")
MISSING = "missing"
WHOLE = "overall"
METRIC = "metric."


@dataclass(frozen=True)
class Limit:
    """What is limited, and the most that may be of a distance or a share, or of a change of a metric for the worse."""

    what: str
    value: float

    @property
    def part(self) -> str:
        """The part of a comparison that it is measured by."""
        if self.what.startswith(METRIC):
            return "metrics"
        return "statistics" if self.what in (*DISTANCES, MISSING) else self.what


def limits_of(text: str) -> list[Limit]:
    """Read limits, at least one. Raises UsageError.

    `drift`, `infinity_norm`, `jensen_shannon` and `missing` (a share of rows more) are upper limits for every feature;
    `metric.NAME` is by how much a metric of the whole may get worse: below zero where higher is better, above where
    lower is, or near 1 or 0, of which the distance counts. `metric.NAME@SLICE` is the same of a slice, `metric.NAME@*`
    of any. The number stands behind the last `=`, for slices are named `carrier=F9`;
    `schema`, `code`, `parameters` and `environment`, without a number, forbid any difference.
    """
    found = [_limit(part.strip()) for part in text.split(",") if part.strip()]
    if not found:
        raise _wrong("without a limit")
    return found


def _limit(part: str) -> Limit:
    name, equals, value = part.rpartition("=") if "=" in part else (part, "", "")
    has_number = name in (*DISTANCES, MISSING) or name.startswith(METRIC)
    if not (has_number or part in ("schema", "code", "parameters", "environment")):
        raise _wrong(part)
    if not has_number:
        return Limit(name, 0.0)
    try:
        limit = Limit(name, float(value))
    except ValueError:
        raise _wrong(part if equals else f"{part} without a number") from None
    if not isfinite(limit.value):
        raise _wrong(part)
    return limit


def _wrong(part: str) -> UsageError:
    return UsageError(
        found=f"--fail-on {part}",
        expected="drift=X, infinity_norm=X, jensen_shannon=X, missing=X, metric.NAME=X, metric.NAME@SLICE=X, schema, "
        "code, parameters or environment",
        do="Correct it, for example --fail-on drift=0.1,metric.auc=-0.01",
    )


def past_limits(comparison: Comparison, limits: Sequence[Limit]) -> list[str]:
    """Say what is past the limits, a line each; nothing where all is within them. Raises UsageError."""
    return [line for limit in limits for line in _past(comparison, limit)]


def _past(comparison: Comparison, limit: Limit) -> Iterator[str]:
    yield from _unmeasured(comparison, limit)
    if limit.part == "metrics":
        yield from _metrics(comparison, limit)
    elif limit.part == "statistics":
        yield from _features(comparison, limit)
    else:
        count = len(getattr(comparison, limit.what))
        if count:
            yield f"{limit.what}: {count} {'difference' if count == 1 else 'differences'}"


def _unmeasured(comparison: Comparison, limit: Limit) -> Iterator[str]:
    """Say in a line that nothing was compared, or that something could not be read."""
    there = [each for each in comparison.measured if each.part == limit.part]
    if unread := [f"artifact:{number}" for each in there for number in each.unread]:
        yield f"{limit.what}: {', '.join(unread)} cannot be read, nothing of it was compared"
    elif not any(each.count for each in there):
        yield f"{limit.what}: nothing was compared, no {limit.part} on both sides"


def _features(comparison: Comparison, limit: Limit) -> Iterator[str]:
    for of, features in comparison.statistics:
        where = f"{of.node}.{of.output} " if of.node else ""
        for feature in features:
            value = _grown(feature) if limit.what == MISSING else getattr(feature, limit.what)
            if limit.what != MISSING and _is_one_sided(feature):
                yield f"{where}{feature.split} {feature.feature}: no {limit.what}, only one side has values"
            elif value is not None and value > limit.value:
                yield f"{where}{feature.split} {feature.feature}: {limit.what} {value:.3f} > {limit.value:g}"


def _grown(feature: FeatureDiff) -> float:
    """Return by how much the share of missing values grew; a feature that is gone is missing from every row."""
    before, after = (share or 0.0 for share in feature.missing)
    return (1.0 if feature.kind == "only_first" else after) - before


def _is_one_sided(feature: FeatureDiff) -> bool:
    shares = feature.missing
    return feature.kind != "changed" or (feature.infinity_norm is None and shares[0] != shares[1] and 1.0 in shares)


def _metrics(comparison: Comparison, limit: Limit) -> Iterator[str]:
    name, at, part = limit.what.removeprefix(METRIC).partition("@")
    wanted = part if at else WHOLE
    yield from _unknown(comparison, limit, name, wanted)
    for _, changes in comparison.metrics:
        for change in changes:
            if change.metric == name and wanted in ("*", change.slice) and _is_past(change, limit):
                yield f"{change.slice} {name}: {_plain(change.before)} -> {_plain(change.after)}, past {limit.value:+g}"


def _unknown(comparison: Comparison, limit: Limit, name: str, wanted: str) -> Iterator[str]:
    """Say that a slice has no such metric. Raises UsageError where nothing has it, and all could be read."""
    there = [each for each in comparison.measured if each.part == limit.part]
    known = {metric: None for names in comparison.slices.values() for metric in names}
    if name in known:
        if wanted != "*" and name not in comparison.slices.get(wanted, ()):
            yield f"{limit.what}: nothing was compared, no slice {wanted!r} has it; try {_near(wanted, comparison)!r}"
    elif known and not any(each.unread for each in there):
        near = get_close_matches(name, known, 1, 0.0)
        raise UsageError(
            found=f"--fail-on {limit.what}: no metric {name!r}",
            expected=f"one of {', '.join(known)}",
            do=f"Try {METRIC}{near[0]}",
        )
    elif not known and any(each.count for each in there):
        yield f"{limit.what}: nothing was compared, the evaluations have no metrics"


def _near(wanted: str, comparison: Comparison) -> str:
    return get_close_matches(wanted, comparison.slices, 1, 0.0)[0]


def _is_past(change: MetricChange, limit: Limit) -> bool:
    """Tell whether a metric got worse by more than a limit. Raises UsageError for a sign that means for the better."""
    worse = 1 if change.better in ("lower", *NEAR) else -1
    if limit.value * worse < 0:
        rises = f"it is better {change.better}, so its limits are {'above' if worse > 0 else 'below'} zero"
        raise UsageError(
            found=f"--fail-on {limit.what}={limit.value:g}: {change.metric} may not be asked to get better",
            expected=f"by how much it may get worse: {rises if change.better else 'as a number below zero'}",
            do=f"Write {limit.what}={-limit.value:g}",
        )
    return change.gain is None or isnan(change.gain) or change.gain < -abs(limit.value)


def _plain(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"
