"""Statistics of two artifacts beside each other, feature by feature, from their previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from headrace.drift.categories import REST, measure_categories
from headrace.drift.distances import infinity_norm, jensen_shannon
from headrace.drift.numbers import Distribution, shares_on_common_bins
from headrace.lineage.plain import Table, number_at, rows_at, table_at, text_at

Kind = Literal["changed", "only_first", "only_second"]


@dataclass(frozen=True, kw_only=True)
class FeatureDiff:
    """A feature of a split whose distribution differs.

    L-infinity (0 to 1) and Jensen-Shannon (bits, 0 to 1) are taken on common bins; None where one side has no values
    that can be compared. `missing` are shares of rows. `appeared` and `vanished` are values among the most frequent of
    one side that the other one's do not hold; `unique` counts all values. `differs` names what differs of its preview.
    """

    split: str
    feature: str
    kind: Kind
    infinity_norm: float | None
    jensen_shannon: float | None
    missing: tuple[float | None, float | None]
    unique: tuple[int | None, int | None]
    appeared: Sequence[str]
    vanished: Sequence[str]
    is_category: bool
    differs: Sequence[str] = ()

    @property
    def drift(self) -> float:
        """The distance that TFDV takes for drift: L-infinity of categories, Jensen-Shannon of numbers."""
        distance = self.infinity_norm if self.is_category else self.jensen_shannon
        return distance or 0.0


def diff_statistics(before: Table, after: Table) -> list[FeatureDiff]:
    """List the features that differ, the furthest first."""
    found: list[FeatureDiff] = []
    splits = [table_at(side, "splits") for side in (before, after)]
    for split in dict.fromkeys([*splits[1], *splits[0]]):
        one, other = (_by_name(side, split) for side in splits)
        rows = tuple(number_at(table_at(side, split), "rows") or 0.0 for side in splits)
        for name in dict.fromkeys([*other, *one]):
            if diff := _feature(split, name, (one.get(name), other.get(name)), (rows[0], rows[1])):
                found.append(diff)
    return sorted(found, key=lambda diff: (diff.kind == "changed", -diff.drift))


def _by_name(splits: Table, split: str) -> dict[str, Table]:
    return {text_at(row, "name"): row for row in rows_at(splits, split, "features")}


def _feature(
    split: str, name: str, sides: tuple[Table | None, Table | None], rows: tuple[float, float]
) -> FeatureDiff | None:
    before, after = sides
    if before == after:
        return None
    kind: Kind = "only_second" if before is None else "only_first" if after is None else "changed"
    one, other = before or {}, after or {}
    is_category = "top" in one or "top" in other
    distances = _distances(one, other, is_category=is_category)
    tops = [_tops(side) for side in (one, other)]
    return FeatureDiff(
        split=split,
        feature=name,
        kind=kind,
        infinity_norm=distances[0],
        jensen_shannon=distances[1],
        missing=(_missing(before, rows[0]), _missing(after, rows[1])),
        unique=(_unique(one), _unique(other)),
        appeared=[value for value in tops[1] if value not in tops[0]] if before else [],
        vanished=[value for value in tops[0] if value not in tops[1]] if after else [],
        is_category=is_category,
        differs=[name for name in dict.fromkeys([*other, *one]) if one.get(name) != other.get(name)],
    )


def _distances(before: Table, after: Table, *, is_category: bool) -> tuple[float | None, float | None]:
    if is_category:
        counts = _counts(before), _counts(after)
        if not all(counts):
            return None, None
        measured = measure_categories(*counts)
        return _rounded(measured["infinity_norm"]), _rounded(measured["jensen_shannon"])
    one, other = _distribution(before), _distribution(after)
    if not (one.total and other.total):
        return None, None
    shares = shares_on_common_bins(one, other)
    return _rounded(infinity_norm(*shares)), _rounded(jensen_shannon(*shares))


def _rounded(distance: float) -> float:
    """Leave out what rounding alone makes of a distance."""
    return round(distance, 9)


def _tops(feature: Table) -> dict[str, float]:
    return {str(row.get("value")): number_at(row, "count") or 0.0 for row in rows_at(feature, "top")}


def _counts(feature: Table) -> Mapping[str, float]:
    counts = _tops(feature)
    rest = round((number_at(feature, "count") or 0.0) - sum(counts.values()))
    return {**counts, REST: rest} if rest > 0 else counts


def _distribution(feature: Table) -> Distribution:
    """Take the quantiles for buckets of equal mass; a histogram where there are none."""
    found = feature.get("quantiles")
    points = [float(p) for p in found if isinstance(p, int | float)] if isinstance(found, list) else []
    is_whole = text_at(feature, "type") == "INT"
    if len(points) > 1:
        count = (number_at(feature, "count") or 0.0) / (len(points) - 1)
        return Distribution.of([(a, b, count) for a, b in pairwise(points)], whole=is_whole)
    return Distribution.of(_buckets(feature), whole=is_whole)


def _buckets(feature: Table) -> list[tuple[float, float, float]]:
    found = feature.get("histogram")
    rows = (
        [[float(x) for x in row if isinstance(x, int | float)] for row in found if isinstance(row, list)]
        if isinstance(found, list)
        else []
    )
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]  # noqa: PLR2004  low, high, count


def _missing(feature: Table | None, rows: float) -> float | None:
    missing = number_at(feature or {}, "missing")
    return missing / rows if missing is not None and rows else None


def _unique(feature: Table) -> int | None:
    unique = number_at(feature, "unique")
    return None if unique is None else int(unique)
