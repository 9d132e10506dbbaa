"""The rows of an evaluation, as metrics need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.evaluator.metrics import Floats
from components.evaluator.slicing import Column


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What metrics need of the rows that have a label and finite predictions; the others are counted."""

    y: Floats
    predictions: Sequence[Floats]
    columns: Mapping[str, Column]
    without_label: int
    not_finite: Sequence[int]
