"""Compares statistics with those of the span before: how far features moved, and how many rows there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tensorflow_metadata.proto.v0 import statistics_pb2 as pb

from components.validator.findings import Finding, Severity
from headrace.drift.categories import REST, measure_categories
from headrace.drift.numbers import Distribution, measure_numbers


@dataclass(frozen=True)
class Moved:
    """How far a feature moved, by measure."""

    split: str
    feature: str
    distances: Mapping[str, float]


def compare_features(
    before: pb.DatasetFeatureStatistics, after: pb.DatasetFeatureStatistics, split: str
) -> Iterator[Moved]:
    """Measure every feature that has values of one kind on both sides."""
    earlier = {_name(feature): feature for feature in before.features}
    for feature in after.features:
        other = earlier.get(_name(feature))
        if other is not None and (distances := _distances(other, feature)):
            yield Moved(split, _name(feature), distances)


def beyond_limits(
    moved: Mapping[str, Moved], limits: Mapping[str, Mapping[str, float]], split: str, severity: Severity
) -> Iterator[Finding]:
    """Yield what moved further than it may, and what has a limit and cannot be measured."""
    for feature, allowed in limits.items():
        if feature not in moved:
            yield Finding(severity, split, feature, "drift not measurable", "It has no values here or in the baseline.")
            continue
        for measure, limit in allowed.items():
            distance = moved[feature].distances.get(measure)
            if distance is None:
                detail = f"{measure} cannot be measured on the values that it has."
                yield Finding(severity, split, feature, "drift not measurable", detail)
            elif distance > limit:
                detail = f"{measure} from the span before is {distance:.4f}, and may be {limit:g}."
                yield Finding(severity, split, feature, "drift", detail)


def compare_rows(
    before: pb.DatasetFeatureStatistics, after: pb.DatasetFeatureStatistics, split: str, allowed: tuple[float, float]
) -> Iterator[Finding]:
    """Yield a finding where a split has far fewer or far more rows than it had."""
    if not before.num_examples:
        return
    ratio = after.num_examples / before.num_examples
    if not allowed[0] <= ratio <= allowed[1]:
        what = "too few rows" if ratio < allowed[0] else "too many rows"
        detail = (
            f"{after.num_examples:,} rows are {ratio:.2f} times the {before.num_examples:,} of the span before, and "
            f"may be {allowed[0]:g} to {allowed[1]:g} times as many."
        )
        yield Finding("block", split, "", what, detail)


def _name(feature: pb.FeatureNameStatistics) -> str:
    return ".".join(feature.path.step)


def _distances(before: pb.FeatureNameStatistics, after: pb.FeatureNameStatistics) -> dict[str, float]:
    kinds = {before.WhichOneof("stats"), after.WhichOneof("stats")}
    if kinds == {"num_stats"}:
        one, other = _numbers(before), _numbers(after)
        return measure_numbers(one, other) if one.total and other.total else {}
    if kinds == {"string_stats"}:
        counts, other_counts = _categories(before.string_stats), _categories(after.string_stats)
        return measure_categories(counts, other_counts) if counts and other_counts else {}
    return {}


def _numbers(feature: pb.FeatureNameStatistics) -> Distribution:
    buckets = [
        (bucket.low_value, bucket.high_value, bucket.sample_count)
        for histogram in feature.num_stats.histograms
        if histogram.type == pb.Histogram.QUANTILES
        for bucket in histogram.buckets
    ]
    return Distribution.of(buckets, whole=feature.type == pb.FeatureNameStatistics.INT)


def _categories(stats: pb.StringStatistics) -> dict[str, float]:
    counts = {bucket.label: bucket.sample_count for bucket in stats.rank_histogram.buckets}
    rest = round(stats.common_stats.tot_num_values - sum(counts.values()))
    return {**counts, REST: rest} if rest > 0 else counts
