"""Distributions of numbers, known by their quantile histograms, and their distances on common bins."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

import numpy as np

from headrace.drift.distances import Numbers, jensen_shannon, kolmogorov_smirnov, population_stability, wasserstein

BINS = 20
Bucket: TypeAlias = tuple[float, float, float]
ROUNDING = 1e-9
"""The share of a value below which a difference is taken for rounding."""


@dataclass(frozen=True)
class Distribution:
    """Buckets of values: from where, to where, how many; a bucket without width is one value that many have.

    Inside a bucket values are taken to lie evenly; those of whole numbers lie on its two ends, half each, where these
    are neighbours.
    """

    low: Numbers
    high: Numbers
    mass: Numbers

    @classmethod
    def of(cls, buckets: Sequence[Bucket], *, whole: bool = False) -> "Distribution":
        """Take buckets as (low, high, count)."""
        rows = [_within(bucket) for bucket in buckets if bucket[2] > 0 and any(map(isfinite, bucket[:2]))]
        if whole:
            rows = [part for row in rows for part in _on_whole_numbers(row)]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)

    @property
    def total(self) -> float:
        return float(self.mass.sum())

    @property
    def deviation(self) -> float:
        """Return the standard deviation, of values that lie evenly in their buckets."""
        middle, width = (self.low + self.high) / 2, self.high - self.low
        mean = np.average(middle, weights=self.mass)
        return float(np.sqrt(np.average((middle - mean) ** 2 + width**2 / 12, weights=self.mass)))

    def share_below(self, points: Numbers, *, at: bool = False) -> Numbers:
        """Return the share of values below each point; `at` counts those at the point as well."""
        width = self.high - self.low
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.clip((points[:, None] - self.low) / width, 0.0, 1.0)
        reached = points[:, None] >= self.low if at else points[:, None] > self.low
        shares: Numbers = np.where(width == 0, reached, part) @ self.mass / self.total
        return shares


def _within(bucket: Bucket) -> Bucket:
    """Draw an infinite end of a bucket to its other one."""
    low, high, mass = bucket
    return low if isfinite(low) else high, high if isfinite(high) else low, mass


def _on_whole_numbers(bucket: Bucket) -> list[Bucket]:
    low, high, mass = bucket
    return [(low, low, mass / 2), (high, high, mass / 2)] if high - low == 1 else [bucket]


def measure_numbers(before: Distribution, after: Distribution) -> dict[str, float]:
    """Measure all distances that numbers have; Wasserstein's in standard deviations of `before`.

    The bins hold equal shares of both together, as far as single values that many have allow it.
    """
    points = np.unique(np.concatenate((before.low, before.high, after.low, after.high)))
    p, q = _masses(before, _edges(before, after, points)), _masses(after, _edges(before, after, points))
    places = np.repeat(points, 2)
    below_p, below_q = _steps(before, points), _steps(after, points)
    deviation = before.deviation
    distance = wasserstein(places, below_p, below_q)
    return {
        "jensen_shannon": jensen_shannon(p, q),
        "population_stability": population_stability(p, q),
        "kolmogorov_smirnov": kolmogorov_smirnov(below_p, below_q),
        "wasserstein": distance / deviation if deviation > _noise(points) else float(distance > _noise(points)),
    }


def shares_on_common_bins(before: Distribution, after: Distribution) -> tuple[Numbers, Numbers]:
    """Return the shares that both have in the bins in which numbers are compared."""
    points = np.unique(np.concatenate((before.low, before.high, after.low, after.high)))
    edges = _edges(before, after, points)
    return _masses(before, edges), _masses(after, edges)


def _noise(points: Numbers) -> float:
    """Return how far rounding alone may move values of this size."""
    return float(np.max(np.abs(points), initial=0.0)) * ROUNDING


def _edges(before: Distribution, after: Distribution, points: Numbers) -> Numbers:
    """Choose the points at which bins begin: where the share of both together passes the next twentieth."""
    together = (before.share_below(points) + after.share_below(points)) / 2
    wanted = np.arange(1, BINS) / BINS
    return np.unique(points[np.minimum(np.searchsorted(together, wanted), len(points) - 1)])


def _masses(distribution: Distribution, edges: Numbers) -> Numbers:
    # Interpolation may leave a share a rounding error above the next one: no mass is negative.
    return np.maximum(np.diff(distribution.share_below(edges), prepend=0.0, append=1.0), 0.0)


def _steps(distribution: Distribution, points: Numbers) -> Numbers:
    """Return the shares below each point and at most at it, in turn, so that jumps keep their place."""
    return np.stack((distribution.share_below(points), distribution.share_below(points, at=True)), axis=1).ravel()
