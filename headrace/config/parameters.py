"""The values of a run's parameters: `params.yaml` < the environment < `-p name=value`, each with its origin."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from headrace.config.yaml_file import read_yaml
from headrace.errors import ConfigError, SpecError
from headrace.spec.codec import to_json
from headrace.spec.records import Json, PipelineSpec, RunParameter

PREFIX = "HEADRACE_PARAM_"
KINDS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "str": (str,),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}


@dataclass(frozen=True)
class Values:
    """Values by name, and where each comes from."""

    values: Mapping[str, Json]
    origins: Mapping[str, str]


def read_values(
    spec: PipelineSpec, file: Path | None, environment: Mapping[str, str], given: Sequence[str], project: Path
) -> Values:
    """Find the value of every parameter of a pipeline; raises ConfigError for an unknown name or a wrong type."""
    values: dict[str, Json] = {name: declared.default for name, declared in spec.parameters.items()}
    origins = dict.fromkeys(values, "default in the pipeline")
    for name, text, origin in [
        *_of_file(file, project, spec),
        *_of_environment(environment, spec),
        *_of_command_line(given, spec),
    ]:
        values[name] = typed(name, text, spec.parameters[name], origin)
        origins[name] = origin
    return Values(values, origins)


def _of_file(file: Path | None, project: Path, spec: PipelineSpec) -> list[tuple[str, object, str]]:
    if file is None or not file.is_file():
        return []
    found = read_yaml(file)
    found.only(spec.parameters)
    shown = os.path.relpath(file, project)
    return [(name, value, f"{shown}:{found.lines[name]}") for name, value in found.content.items()]


def _of_environment(environment: Mapping[str, str], spec: PipelineSpec) -> list[tuple[str, object, str]]:
    named = [(name, f"{PREFIX}{name.upper()}") for name in spec.parameters]
    return [
        (name, _value(environment[variable], spec.parameters[name]), variable)
        for name, variable in named
        if variable in environment
    ]


def _of_command_line(given: Sequence[str], spec: PipelineSpec) -> list[tuple[str, object, str]]:
    found: list[tuple[str, object, str]] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in spec.parameters:
            near = get_close_matches(name, spec.parameters, 1)
            raise ConfigError(
                found=f"-p {text}",
                expected=f"name=value with one of {sorted(spec.parameters)}" if spec.parameters else "no parameter",
                do=f"Write -p {near[0]}=…" if near and near[0] != name else "Correct the name",
            )
        found.append((name, _value(value, spec.parameters[name]), "-p"))
    return found


def _value(text: str, declared: RunParameter) -> object:
    """Read a text as YAML reads it, unless a string is wanted."""
    if declared.type == "str":
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def typed(name: str, value: object, declared: RunParameter, origin: str) -> Json:
    """Check a value against its declared type; raises ConfigError, naming where it comes from."""
    kind = declared.type.partition("[")[0]
    wanted = KINDS.get(kind, (object,))
    fits = isinstance(value, wanted) and not (isinstance(value, bool) and kind != "bool")
    if not fits:
        raise ConfigError(
            found=f"the parameter {name!r} is {value!r} ({origin})",
            expected=f"a value of type {declared.type}",
            do="Correct it there",
        )
    try:
        return to_json(float(value) if kind == "float" and isinstance(value, int) else value)
    except SpecError as error:
        raise ConfigError(
            found=f"in the parameter {name!r}: {error.found} ({origin})", expected=error.expected, do="Correct it there"
        ) from error
