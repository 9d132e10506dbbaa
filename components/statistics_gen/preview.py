"""Statistics as plain data: what a page shows of every feature."""

import math
from collections.abc import Iterable, Sequence

from tensorflow_metadata.proto.v0 import statistics_pb2 as pb

TOP_VALUES = 10
QUANTILES = 10


def describe(dataset: pb.DatasetFeatureStatistics) -> dict[str, object]:
    """Describe a split: `{"rows", "features": [{"name", "type", "count", "missing", ...}]}`."""
    return {"rows": int(dataset.num_examples), "features": [_feature(feature) for feature in dataset.features]}


def _feature(feature: pb.FeatureNameStatistics) -> dict[str, object]:
    kind = feature.WhichOneof("stats")
    common = getattr(feature, kind).common_stats
    described: dict[str, object] = {
        "name": ".".join(feature.path.step),
        "type": pb.FeatureNameStatistics.Type.Name(feature.type),
        "count": int(common.num_non_missing),
        "missing": int(common.num_missing),
    }
    match kind:
        case "num_stats":
            return described | _numbers(feature.num_stats)
        case "string_stats":
            return described | _texts(feature.string_stats)
        case "bytes_stats":
            return described | {"unique": int(feature.bytes_stats.unique)}
    return described


def _numbers(stats: pb.NumericStatistics) -> dict[str, object]:
    by_type = {histogram.type: histogram for histogram in stats.histograms}
    quantiles = by_type.get(pb.Histogram.QUANTILES, pb.Histogram()).buckets
    return {
        "min": _finite(stats.min),
        "max": _finite(stats.max),
        "mean": _finite(stats.mean),
        "deviation": _finite(stats.std_dev),
        "median": _finite(stats.median),
        "zeros": int(stats.num_zeros),
        "histogram": _buckets(by_type.get(pb.Histogram.STANDARD, pb.Histogram()).buckets),
        "quantiles": _quantiles(quantiles),
    }


def _texts(stats: pb.StringStatistics) -> dict[str, object]:
    return {
        "unique": int(stats.unique),
        "length": _finite(stats.avg_length),
        "top": [{"value": top.value, "count": int(top.frequency)} for top in stats.top_values[:TOP_VALUES]],
    }


def _buckets(buckets: Iterable[pb.Histogram.Bucket]) -> list[list[float | None]]:
    """List buckets as [low, high, count]."""
    return [[_finite(b.low_value), _finite(b.high_value), _finite(b.sample_count)] for b in buckets]


def _quantiles(buckets: Sequence[pb.Histogram.Bucket]) -> list[float | None]:
    """List the ends of tenths, smallest value first."""
    if not buckets:
        return []
    step = max(1, len(buckets) // QUANTILES)
    return [_finite(buckets[0].low_value), *(_finite(b.high_value) for b in buckets[step - 1 :: step])]


def _finite(value: float) -> float | None:
    """Return a number as JSON holds it: NaN and infinity have no form there."""
    return round(value, 6) if math.isfinite(value) else None
