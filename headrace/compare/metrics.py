"""Metrics of two evaluations beside each other, slice by slice, from their previews."""

from collections.abc import Mapping
from dataclasses import dataclass

from headrace.lineage.plain import Table, number_at, rows_at, table_at, text_at

NEAR = {"near 1": 1.0, "near 0": 0.0}


@dataclass(frozen=True, kw_only=True)
class MetricChange:
    """A metric of a slice that differs; None on the side that lacks it.

    `better` is `higher`, `lower`, `near 1`, `near 0`, or empty where it is not known.
    """

    slice: str
    metric: str
    before: float | None
    after: float | None
    better: str

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def gain(self) -> float | None:
        """The change, above zero where it is for the better; of what is better near 1 or 0, that of the distance."""
        if self.before is None or self.after is None:
            return None
        if self.better in NEAR:
            return abs(self.before - NEAR[self.better]) - abs(self.after - NEAR[self.better])
        return self.before - self.after if self.better == "lower" else self.after - self.before


def diff_metrics(before: Table, after: Table) -> list[MetricChange]:
    """List the metrics that differ: the whole first, then the slices that lost most."""
    one, other = (metrics_by_slice(side) for side in (before, after))
    better = {name: text_at(about, "better") for side in (before, after) for name, about in _metrics(side).items()}
    changes = [
        MetricChange(slice=part, metric=name, before=held[0], after=held[1], better=better.get(name, ""))
        for part in dict.fromkeys([*other, *one])
        for name in better
        if (held := (one.get(part, {}).get(name), other.get(part, {}).get(name)))[0] != held[1]
    ]
    return sorted(changes, key=lambda c: (c.slice != "overall", c.gain if c.gain is not None else 0.0))


def _metrics(evaluation: Table) -> Mapping[str, Table]:
    return {name: table_at(about) for name, about in table_at(evaluation, "metrics").items()}


def metrics_by_slice(evaluation: Table) -> Mapping[str, Mapping[str, float]]:
    """Map slices to the values of their metrics."""
    return {
        text_at(row, "slice"): {
            name: value
            for name in table_at(row, "model")
            if (value := number_at(table_at(row, "model"), name)) is not None
        }
        for row in rows_at(evaluation, "slices")
    }
