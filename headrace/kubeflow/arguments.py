"""The values that a run or a schedule gives to a compiled pipeline's parameters, checked before Kubeflow sees them."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

import yaml

from headrace.errors import ConfigError, SpecError
from headrace.spec.codec import to_json
from headrace.spec.records import Json

Declared: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Parameters by name, as Kubeflow's spec declares them."""

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


def read_arguments(declared: Declared, given: Sequence[str]) -> dict[str, Json]:
    """Read `name=value` texts by the types that the pipeline declares; raises ConfigError."""
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(found=f"-p {text}", expected="name=value", do="Correct it")
        kind = declared.get(name, {}).get("parameterType")
        values[name] = _plain(value, kind)
    return check_arguments(declared, values, dict.fromkeys(values, "-p"))


def check_arguments(declared: Declared, values: Mapping[str, object], places: Mapping[str, str]) -> dict[str, Json]:
    """Return the values as Kubeflow takes them; raises ConfigError for an unknown name or a wrong type."""
    return {name: _checked(declared, name, value, places[name]) for name, value in values.items()}


def _checked(declared: Declared, name: str, value: object, place: str) -> Json:
    if name not in declared:
        near = get_close_matches(name, declared, 1)
        raise ConfigError(
            found=f"{place}: the parameter {name!r}",
            expected=f"one of {', '.join(sorted(declared))}" if declared else "none: the pipeline has no parameters",
            do=f"Write {near[0]!r}" if near else "Remove it",
        )
    kinds, wanted = KINDS.get(str(declared[name].get("parameterType")), ((object,), "a value"))
    fits = isinstance(value, kinds) and isinstance(value, bool) == (bool in kinds)
    if fits and isinstance(value, int) and abs(value) > EXACT:
        fits, wanted = False, f"a whole number within ±{EXACT}, since Kubeflow's numbers are doubles"
    if not fits:
        raise ConfigError(found=f"{place}: {name} is {value!r}", expected=wanted, do="Correct it there")
    try:
        return to_json(value)
    except SpecError as error:
        raise ConfigError(
            found=f"{place}: in {name}: {error.found}", expected=error.expected, do="Correct it"
        ) from error


def _plain(text: str, kind: str | None) -> object:
    """Read a text as its parameter's type wants it; YAML alone takes 1e-3 for a text."""
    try:
        match kind:
            case "STRING":
                return text
            case "NUMBER_DOUBLE":
                return float(text)
        return yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return text
