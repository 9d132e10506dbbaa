"""Statistics that TensorFlow Data Validation wrote, in the form of StatisticsGen's preview.

A DatasetFeatureStatisticsList has datasets (1) with num_examples (2) and features (3); a FeatureNameStatistics has name
(1) or path (8), type (2) and one of num_stats (3), string_stats (4), bytes_stats (5), struct_stats (7).
"""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from headrace.lineage.lists import Row
from headrace.spec.records import Json
from headrace.ui import wire
from headrace.ui.records_file import records
from headrace.ui.splits import splits_in

NAMES = ("FeatureStats.pb", "stats_tfrecord")
TOP_VALUES = 10
QUANTILES = 10
_TYPES = ("INT", "FLOAT", "STRING", "BYTES", "STRUCT")
_KINDS = {3: "numbers", 4: "texts", 5: "bytes", 7: "struct"}

Fields = dict[int, list[wire.Value]]


def statistics_in(place: Path) -> tuple[str, Row] | None:
    """Read the statistics of every split; the first dataset of each file counts."""
    found = {split: _dataset(_content(file)) for split, file in splits_in(place, NAMES).items()}
    splits: dict[str, Json] = {split: dataset for split, dataset in found.items() if dataset}
    if not splits:
        return None
    rows = ", ".join(f"{dataset['rows']:,} {split}" for split, dataset in found.items() if dataset)
    return f"rows: {rows}", {"splits": splits}


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.suffix == ".pb" else next(records(file), b"")


def _dataset(content: bytes) -> Row | None:
    datasets = wire.grouped(content).get(1, [])
    if not datasets:
        return None
    held = wire.grouped(wire.message(datasets[0]))
    features: list[Json] = [_feature(wire.grouped(wire.message(each))) for each in held.get(3, ())]
    return {"rows": wire.whole(_first(held, 2)), "features": features}


def _feature(held: Fields) -> Row:
    kind = next((number for number in _KINDS if number in held), 0)
    stats = wire.grouped(wire.message(held[kind][0])) if kind else {}
    common = wire.grouped(wire.message(_first(stats, 1, b"")))
    described: Row = {
        "name": _name(held),
        "type": _TYPES[wire.whole(_first(held, 2)) % len(_TYPES)],
        "count": wire.whole(_first(common, 1)),
        "missing": wire.whole(_first(common, 2)),
    }
    match _KINDS.get(kind):
        case "numbers":
            return described | _numbers(stats)
        case "texts":
            return described | _texts(stats)
        case "bytes":
            return {**described, "unique": wire.whole(_first(stats, 2))}
    return described


def _name(held: Fields) -> str:
    if 8 in held:  # noqa: PLR2004  path
        steps = wire.grouped(wire.message(held[8][0])).get(1, ())
        return ".".join(wire.text(step) for step in steps)
    return wire.text(_first(held, 1, b""))


def _numbers(stats: Fields) -> Row:
    histograms = [wire.grouped(wire.message(each)) for each in stats.get(8, ())]
    by_type = {wire.whole(_first(each, 4)): _buckets(each) for each in histograms}
    return {
        "min": _double(stats, 5),
        "max": _double(stats, 7),
        "mean": _double(stats, 2),
        "deviation": _double(stats, 3),
        "median": _double(stats, 6),
        "zeros": wire.whole(_first(stats, 4)),
        "histogram": [list(bucket) for bucket in by_type.get(0, ())],
        "quantiles": _quantiles(by_type.get(1, ())),
    }


def _texts(stats: Fields) -> Row:
    top = [wire.grouped(wire.message(each)) for each in stats.get(3, ())[:TOP_VALUES]]
    values: list[Json] = [{"value": wire.text(_first(t, 2, b"")), "count": int(_double(t, 3) or 0)} for t in top]
    return {
        "unique": wire.whole(_first(stats, 2)),
        "length": _finite(wire.single(_first(stats, 4))),
        "top": values,
    }


def _buckets(histogram: Fields) -> list[tuple[float | None, float | None, float | None]]:
    """List buckets as low, high and count."""
    held = [wire.grouped(wire.message(each)) for each in histogram.get(3, ())]
    return [(_double(each, 1), _double(each, 2), _double(each, 4)) for each in held]


def _quantiles(buckets: Sequence[tuple[float | None, float | None, float | None]]) -> list[Json]:
    """List the ends of tenths, smallest value first."""
    if not buckets:
        return []
    step = max(1, len(buckets) // QUANTILES)
    return [buckets[0][0], *(bucket[1] for bucket in buckets[step - 1 :: step])]


def _first(held: Fields, number: int, default: wire.Value = 0) -> wire.Value:
    return held.get(number, [default])[0]


def _double(held: Fields, number: int) -> float | None:
    return _finite(wire.double(_first(held, number)))


def _finite(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None
