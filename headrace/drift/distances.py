"""Distances of two distributions.

The first three take the masses of common bins, in any unit; the last two take cumulative shares at common points.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]


def infinity_norm(p: Numbers, q: Numbers) -> float:
    """Return the largest difference of the shares of a bin: 0 to 1.

    Source: Breck, Polyzotis, Roy, Whang, Zinkevich, Data Validation for Machine Learning, MLSys 2019.
    """
    return float(np.abs(_shares(p) - _shares(q)).max(initial=0.0))


def jensen_shannon(p: Numbers, q: Numbers) -> float:
    """Return the Jensen-Shannon divergence in bits: 0 to 1.

    Source: Lin, Divergence Measures Based on the Shannon Entropy, IEEE Transactions on Information Theory 37 (1991).
    """
    p, q = _shares(p), _shares(q)
    middle = (p + q) / 2
    return max(0.0, (_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2)


def population_stability(p: Numbers, q: Numbers) -> float:
    """Return the population stability index from p to q; a bin is taken to hold a share of 0.0001 at least.

    Source: Siddiqi, Credit Risk Scorecards, Wiley 2006; the sum of both relative entropies (Jeffreys), natural logs.
    """
    p, q = np.maximum(_shares(p), 1e-4), np.maximum(_shares(q), 1e-4)
    return float(np.sum((q - p) * np.log(q / p)))


def kolmogorov_smirnov(below_p: Numbers, below_q: Numbers) -> float:
    """Return the largest difference of the shares that lie below a point: 0 to 1.

    Source: Smirnov, Table for Estimating the Goodness of Fit, Annals of Mathematical Statistics 19 (1948).
    """
    return float(np.abs(below_p - below_q).max(initial=0.0))


def wasserstein(points: Numbers, below_p: Numbers, below_q: Numbers) -> float:
    """Return the Wasserstein-1 distance, in the unit of the points: the area between the cumulative shares.

    Source: Vallender, Calculation of the Wasserstein Distance between Probability Distributions on the Line, 1974.
    """
    difference = below_p - below_q
    ends, widths = np.abs(difference), np.diff(points)
    crossing = difference[:-1] * difference[1:] < 0
    trapezium = (ends[:-1] + ends[1:]) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        triangles = (ends[:-1] ** 2 + ends[1:] ** 2) / (2 * (ends[:-1] + ends[1:]))
    return float(np.sum(widths * np.where(crossing, triangles, trapezium)))


def _shares(masses: Numbers) -> Numbers:
    shares: Numbers = masses / masses.sum()
    return shares


def _relative_entropy(p: Numbers, q: Numbers) -> float:
    held = p > 0
    return float(np.sum(p[held] * np.log2(p[held] / q[held])))
