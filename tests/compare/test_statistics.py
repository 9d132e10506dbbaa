from typing import Any

import pytest

from headrace.compare.statistics import FeatureDiff, diff_statistics


def numbers(*quantiles: float, missing: int = 0) -> dict[str, Any]:
    return {"name": "x", "type": "FLOAT", "count": 100 - missing, "missing": missing, "quantiles": [*quantiles]}


def words(**counts: int) -> dict[str, Any]:
    top = [{"value": value, "count": count} for value, count in counts.items()]
    return {"name": "w", "type": "STRING", "count": 100, "missing": 0, "unique": len(counts), "top": top}


def statistics(*features: dict[str, Any], split: str = "train") -> dict[str, Any]:
    return {"splits": {split: {"rows": 100, "features": [*features]}}}


def only(before: dict[str, Any], after: dict[str, Any]) -> FeatureDiff:
    (found,) = diff_statistics(statistics(before), statistics(after))
    return found


def test_what_does_not_differ_is_left_out() -> None:
    assert diff_statistics(statistics(numbers(0, 1)), statistics(numbers(0, 1))) == []


def test_categories_are_apart_by_their_shares() -> None:
    found = only(words(a=50, b=50), words(a=80, c=20))
    assert found.infinity_norm == pytest.approx(0.5)
    assert found.jensen_shannon == pytest.approx(0.3752, abs=1e-4)
    assert (found.appeared, found.vanished, found.unique) == (["c"], ["b"], (2, 2))
    assert found.drift == found.infinity_norm


def test_counts_without_their_values_are_one_bin() -> None:
    assert only(words(a=50, b=50), words(a=50)).infinity_norm == pytest.approx(0.5)


def test_numbers_are_apart_on_common_bins() -> None:
    far = only(numbers(0, 1, 2), numbers(10, 11, 12))
    assert far.jensen_shannon == pytest.approx(1.0)
    assert 0 < (far.infinity_norm or 0) <= 1
    assert far.drift == far.jensen_shannon
    near = only(numbers(0, 1, 2), numbers(0, 1.1, 2))
    assert 0 < (near.jensen_shannon or 0) < 0.05


def test_shares_of_missing_values_are_told() -> None:
    assert only(numbers(0, 1), numbers(0, 1, missing=25)).missing == (0.0, 0.25)


def test_a_feature_may_be_on_one_side_only() -> None:
    (found,) = diff_statistics(statistics(), statistics(words(a=1)))
    assert (found.kind, found.infinity_norm, found.missing) == ("only_second", None, (None, 0.0))
    (split,) = diff_statistics(statistics(words(a=1), split="test"), statistics())
    assert (split.split, split.kind) == ("test", "only_first")


def test_a_preview_that_is_damaged_is_no_statistics() -> None:
    assert diff_statistics({"splits": 3}, {"splits": {"train": [1]}}) == []
