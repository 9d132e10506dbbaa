"""Distances of distributions, against values from their definitions."""

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest

from headrace.drift.categories import measure_categories
from headrace.drift.distances import Numbers, infinity_norm, jensen_shannon, population_stability
from headrace.drift.numbers import Distribution, measure_numbers

P, Q = np.array([36.0, 48.0, 16.0]), np.array([30.0, 50.0, 20.0])


def histogram(values: Numbers, buckets: int = 100, *, whole: bool = False) -> Distribution:
    """Make the quantile histogram of values, as TFDV does."""
    method: Literal["higher", "linear"] = "higher" if whole else "linear"
    edges = [float(np.quantile(values, share, method=method)) for share in np.linspace(0, 1, buckets + 1)]
    return Distribution.of([(low, high, len(values) / buckets) for low, high in pairwise(edges)], whole=whole)


def test_measures_shares_of_bins() -> None:
    assert infinity_norm(P, Q) == pytest.approx(0.06)
    assert population_stability(P, Q) == pytest.approx(0.02068, abs=1e-5)
    assert jensen_shannon(P, Q) == pytest.approx(0.0037236, abs=1e-6)


def test_is_0_for_equal_and_1_for_disjoint_bins() -> None:
    assert jensen_shannon(P, 3 * P) == pytest.approx(0, abs=1e-12)
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 2.0])) == 1
    assert infinity_norm(np.array([1.0, 0.0]), np.array([0.0, 2.0])) == 1


def test_counts_categories_that_one_side_lacks() -> None:
    measured = measure_categories({"AA": 50, "UA": 50}, {"AA": 40, "UA": 40, "ZZ": 20})
    assert measured["infinity_norm"] == pytest.approx(0.2)
    assert measured["jensen_shannon"] == pytest.approx(0.108, abs=1e-3)


def test_measures_a_shift_of_numbers() -> None:
    random = np.random.default_rng(1)
    before, after = random.normal(0, 1, 50_000), random.normal(0.5, 1, 50_000)
    measured = measure_numbers(histogram(before), histogram(after))
    assert measured["kolmogorov_smirnov"] == pytest.approx(0.1974, abs=0.01)  # 2 Phi(1/4) - 1
    assert measured["wasserstein"] == pytest.approx(0.5, abs=0.02)
    assert measured["population_stability"] == pytest.approx(0.25, abs=0.02)  # shift squared


def test_finds_no_drift_in_another_sample_of_the_same() -> None:
    random = np.random.default_rng(2)
    samples = [histogram(random.exponential(800, 20_000)) for _ in range(2)]
    measured = measure_numbers(*samples)
    assert measured["jensen_shannon"] < 0.001
    assert measured["kolmogorov_smirnov"] < 0.02


def test_measures_whole_numbers_that_many_have() -> None:
    random = np.random.default_rng(3)
    before, after = random.integers(0, 24, 30_000), random.integers(0, 24, 30_000)
    after[:300] = 1
    measured = measure_numbers(histogram(before, whole=True), histogram(after, whole=True))
    assert measured["jensen_shannon"] < 0.002
    jumps = measure_numbers(histogram(np.zeros(100), whole=True), histogram(np.ones(100), whole=True))
    assert jumps["kolmogorov_smirnov"] == 1
    assert jumps["jensen_shannon"] == 1


def test_finds_another_unit() -> None:
    random = np.random.default_rng(4)
    miles = random.gamma(2, 500, 20_000)
    measured = measure_numbers(histogram(miles), histogram(miles * 1.609))
    assert measured["jensen_shannon"] > 0.04
    assert measured["wasserstein"] > 0.5


def test_takes_one_value_only() -> None:
    same = measure_numbers(Distribution.of([(5, 5, 10)]), Distribution.of([(5, 5, 20)]))
    assert same == {"jensen_shannon": 0, "population_stability": 0, "kolmogorov_smirnov": 0, "wasserstein": 0}
    other = measure_numbers(Distribution.of([(5, 5, 10)]), Distribution.of([(6, 6, 20)]))
    assert other["wasserstein"] == 1
    assert other["jensen_shannon"] == 1


def test_takes_infinite_ends_and_nothing() -> None:
    infinite = Distribution.of(
        [(float("-inf"), 0, 5), (0, 1, 5), (1, float("inf"), 5), (float("inf"), float("inf"), 1)]
    )
    assert (infinite.total, infinite.low.tolist(), infinite.high.tolist()) == (15, [0, 0, 1], [0, 1, 1])
    assert Distribution.of([], whole=True).total == 0
