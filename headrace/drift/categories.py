"""Distances of distributions of categories, known by their counts."""

from collections.abc import Mapping

import numpy as np

from headrace.drift.distances import infinity_norm, jensen_shannon, population_stability

REST = "\0the rest"
"""The key of what was counted without its value."""


def measure_categories(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Measure all distances that categories have; a value that one side lacks counts 0 there."""
    values = sorted({*before, *after})
    p, q = (np.array([side.get(value, 0.0) for value in values]) for side in (before, after))
    return {
        "infinity_norm": infinity_norm(p, q),
        "jensen_shannon": jensen_shannon(p, q),
        "population_stability": population_stability(p, q),
    }
