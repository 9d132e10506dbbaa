"""The values that a run or a schedule gives to a compiled pipeline's parameters, checked before Kubeflow sees them."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import yaml

from headrace.errors import ConfigError
from headrace.kubeflow.package import Package
from headrace.spec.records import Json

KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "STRING": ((str,), "a text"),
    "NUMBER_INTEGER": ((int,), "a whole number"),
    "NUMBER_DOUBLE": ((int, float), "a number"),
    "BOOLEAN": ((bool,), "true or false"),
    "LIST": ((list,), "a list"),
    "STRUCT": ((dict,), "a mapping"),
}
EXACT = 2**53
"""Kubeflow's numbers are doubles: whole ones beyond this change on the way."""


def read_arguments(package: Package, given: Sequence[str]) -> dict[str, Json]:
    """Read `name=value` texts by the types that the pipeline declares; raises ConfigError."""
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(found=f"-p {text}", expected="name=value", do="Correct it")
        kind = package.parameters.get(name, {}).get("parameterType")
        values[name] = value if kind == "STRING" else _plain(value)
    return check_arguments(package, values, dict.fromkeys(values, "-p"))


def check_arguments(package: Package, values: Mapping[str, object], places: Mapping[str, str]) -> dict[str, Json]:
    """Return the values as Kubeflow takes them; raises ConfigError for an unknown name or a wrong type."""
    return {name: _checked(package, name, value, places[name]) for name, value in values.items()}


def _checked(package: Package, name: str, value: object, place: str) -> Json:
    declared = package.parameters.get(name)
    if declared is None:
        near = get_close_matches(name, package.parameters, 1)
        known = ", ".join(sorted(package.parameters))
        raise ConfigError(
            found=f"{place}: the parameter {name!r} of {package.name}",
            expected=f"one of {known}" if known else "none: it has no parameters",
            do=f"Write {near[0]!r}" if near else "Remove it",
        )
    kinds, wanted = KINDS.get(str(declared.get("parameterType")), ((object,), "a value"))
    fits = isinstance(value, kinds) and isinstance(value, bool) == (bool in kinds)
    if fits and isinstance(value, int) and abs(value) > EXACT:
        fits, wanted = False, f"a whole number within ±{EXACT}, since Kubeflow's numbers are doubles"
    if not fits:
        raise ConfigError(found=f"{place}: {name} is {value!r}", expected=wanted, do="Correct it there")
    return value  # type: ignore[return-value]  # YAML's plain data is Json


def _plain(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
