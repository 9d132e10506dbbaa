"""Limits on what may differ: `drift=0.1,metric.auc=-0.01,schema`, and what is past them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headrace.compare.comparison import Comparison
from headrace.compare.metrics import MetricChange
from headrace.errors import UsageError

DISTANCES = ("drift", "infinity_norm", "jensen_shannon")
WHOLE = "overall"


@dataclass(frozen=True)
class Limit:
    """What is limited, and the most (of a distance or a share) or the least change (of a metric) that may be."""

    what: str
    value: float


def limits_of(text: str) -> list[Limit]:
    """Read limits. Raises UsageError.

    `drift`, `infinity_norm`, `jensen_shannon` and `missing` (a share of rows more) are upper limits for every feature;
    `metric.NAME` is the least change of a metric of the whole, `metric.NAME@SLICE` of a slice, `metric.NAME@*` of any;
    `schema`, `code`, `parameters` and `environment`, without a number, forbid any difference.
    """
    return [_limit(part.strip()) for part in text.split(",") if part.strip()]


def _limit(part: str) -> Limit:
    name, equals, value = part.partition("=")
    has_number = name in (*DISTANCES, "missing") or name.startswith("metric.")
    if not (has_number or name in ("schema", "code", "parameters", "environment")):
        raise _wrong(part)
    if not has_number:
        return Limit(name, 0.0)
    try:
        return Limit(name, float(value))
    except ValueError:
        raise _wrong(part if equals else f"{part} without a number") from None


def _wrong(part: str) -> UsageError:
    return UsageError(
        found=f"--fail-on {part}",
        expected="drift=X, infinity_norm=X, jensen_shannon=X, missing=X, metric.NAME=X, metric.NAME@SLICE=X, schema, "
        "code, parameters or environment",
        do="Correct it, for example --fail-on drift=0.1,metric.auc=-0.01",
    )


def past_limits(comparison: Comparison, limits: Sequence[Limit]) -> list[str]:
    """Say what is past the limits, a line each; nothing where all is within them."""
    return [line for limit in limits for line in _past(comparison, limit)]


def _past(comparison: Comparison, limit: Limit) -> Iterator[str]:
    if limit.what.startswith("metric."):
        yield from _metrics(comparison, limit)
    elif limit.what == "missing" or limit.what in DISTANCES:
        yield from _features(comparison, limit)
    else:
        count = len(getattr(comparison, limit.what))
        if count:
            yield f"{limit.what}: {count} {'difference' if count == 1 else 'differences'}"


def _features(comparison: Comparison, limit: Limit) -> Iterator[str]:
    for of, features in comparison.statistics:
        for feature in features:
            if limit.what == "missing":
                before, after = (share or 0.0 for share in feature.missing)
                value: float | None = after - before
            else:
                value = getattr(feature, limit.what)
            if value is not None and value > limit.value:
                where = f"{of.node}.{of.output} " if of.node else ""
                yield f"{where}{feature.split} {feature.feature}: {limit.what} {value:.3f} > {limit.value:g}"


def _metrics(comparison: Comparison, limit: Limit) -> Iterator[str]:
    name, at, part = limit.what.removeprefix("metric.").partition("@")
    for _, changes in comparison.metrics:
        for change in changes:
            is_meant = change.metric == name and (part == "*" or change.slice == (part if at else WHOLE))
            if is_meant and _is_past(change, limit.value):
                yield f"{change.slice} {name}: {_plain(change.before)} -> {_plain(change.after)}, past {limit.value:+g}"


def _is_past(change: MetricChange, least: float) -> bool:
    """Tell whether a change is past a limit: below it, or above one above zero where lower is better."""
    if change.change is None:
        return True
    return change.change > least if least > 0 and change.better == "lower" else change.change < least


def _plain(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"
