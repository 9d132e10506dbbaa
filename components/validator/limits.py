"""How far a feature may move from the span before: the limits of the parameter and of the schema."""

from collections.abc import Iterator, Mapping

from tensorflow_metadata.proto.v0 import schema_pb2

from headrace.errors import ConfigError, DataError

Limits = Mapping[str, Mapping[str, float]]

FOR_NUMBERS = ("jensen_shannon", "population_stability", "kolmogorov_smirnov", "wasserstein")
FOR_CATEGORIES = ("infinity_norm", "jensen_shannon", "population_stability")
_COMPARATORS = {"infinity_norm": "infinity_norm", "jensen_shannon_divergence": "jensen_shannon"}


def limits_of(drift: Limits, schema: schema_pb2.Schema) -> dict[str, dict[str, float]]:
    """Put both kinds of limits together, by feature and measure; the parameter's go first.

    Raises ConfigError or DataError for a measure that a feature does not have: TFDV would measure 0 and stay silent.
    """
    numeric = {feature.name: is_number(feature) for feature in schema.feature}
    for feature, limits in drift.items():
        _check_parameter(feature, limits, numeric)
    together: dict[str, dict[str, float]] = {}
    for feature, measure, limit in _of_schema(schema):
        if measure not in measures_of(is_numeric=numeric[feature]):
            raise DataError(
                found=f"the schema limits the {measure} of {feature!r}, which is a number",
                expected=f"one of {FOR_NUMBERS}, as TFDV measures the infinity norm of numbers as 0",
                do="Take a jensen_shannon_divergence there, or the parameter `drift`",
            )
        together.setdefault(feature, {})[measure] = limit
    for feature, limits in drift.items():
        together[feature] = {**together.get(feature, {}), **limits}
    return together


def measures_of(*, is_numeric: bool) -> tuple[str, ...]:
    return FOR_NUMBERS if is_numeric else FOR_CATEGORIES


def is_number(feature: schema_pb2.Feature) -> bool:
    """Tell whether a feature's values are numbers, and not categories that are spelled as numbers."""
    return feature.type in (schema_pb2.INT, schema_pb2.FLOAT) and not feature.int_domain.is_categorical


def _check_parameter(feature: str, limits: Mapping[str, float], numeric: Mapping[str, bool]) -> None:
    if feature not in numeric:
        raise ConfigError(
            found=f"drift={{{feature!r}: ...}}",
            expected=f"a feature of the schema: {sorted(numeric)}",
            do="Correct the name",
        )
    fitting = measures_of(is_numeric=numeric[feature])
    if unfit := sorted({*limits} - {*fitting}):
        kind = "a number" if numeric[feature] else "a category"
        raise ConfigError(
            found=f"drift={{{feature!r}: {{{unfit[0]!r}: ...}}}}, and {feature} is {kind}",
            expected=f"one of {', '.join(fitting)}",
            do="Take another measure",
        )


def _of_schema(schema: schema_pb2.Schema) -> Iterator[tuple[str, str, float]]:
    for feature in schema.feature:
        for comparator, measure in _COMPARATORS.items():
            if feature.drift_comparator.HasField(comparator):
                yield feature.name, measure, getattr(feature.drift_comparator, comparator).threshold
