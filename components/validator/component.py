"""Validator: the gate for data."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from headrace import Channel, Component, Function, Parameter, output, previous_span, resolve_inputs
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics


class Validator(Component):
    """Compare statistics with the schema and with the span before, and block what depends on it where they do not fit.

    What TensorFlow Data Validation calls an error blocks, its warnings warn. `drift` limits how far a feature may move
    from the `baseline`: `{"carrier": {"infinity_norm": 0.05}, "distance": {"jensen_shannon": 0.02}}`; the measures are
    infinity_norm (categories only), jensen_shannon, population_stability, and for numbers kolmogorov_smirnov and
    wasserstein (in standard deviations). The drift comparators of the schema are limits too; `drift` goes before them.
    `on_drift` says what a limit that is passed does. A split may have from `min_rows_ratio` to `max_rows_ratio` times
    the rows that it had in the baseline. Without a baseline both are recorded as unchecked. `schema_environment`
    is one of the schema's own, such as SERVING.
    """

    statistics: Channel[ExampleStatistics]
    schema: Channel[Schema]
    baseline: Channel[ExampleStatistics] | None = previous_span(ExampleStatistics, of="statistics")
    drift: Parameter[Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    on_drift: Parameter[Literal["block", "warn"]] = "block"
    min_rows_ratio: Parameter[float] = 0.6
    max_rows_ratio: Parameter[float] = 1.7
    schema_environment: Parameter[str | None] = None
    exclude_splits: Parameter[Sequence[str]] = ()
    anomalies: Channel[ExampleAnomalies] = output()

    component_id = "headrace.Validator"
    component_version = 1
    process_type = "EVALUATE"
    environment = "tf_keras"
    distributions = ("tensorflow-data-validation", "numpy")
    driver = resolve_inputs
    executor = Function("components.validator.executor:find_anomalies")
    publisher = Function("components.validator.publisher:add_verdict")
