"""Frozen records to JSON and back, exactly: the only module that knows their form on disk.

The version rule: VERSION is raised by every change that a reader of the version before would misread or refuse, a new
field among them. A reader takes its own version only: a spec is compiled by the headrace that runs it, and what older
runs recorded is read from the metadata store, never from old specs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from json import dumps, loads
from math import isfinite
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from headrace.errors import SpecError
from headrace.spec.records import Json

VERSION = 2
R = TypeVar("R")


def write(record: object) -> str:
    """Write a record, with the version of its form; mappings keep their order, which executors see."""
    return dumps({"version": VERSION, "record": to_json(record)}, indent=1) + "\n"


def read(kind: type[R], text: str) -> R:
    """Read a record that `write` wrote; raises SpecError for another version, another form or no JSON at all."""
    try:
        value = loads(text)
    except ValueError as error:
        raise SpecError(
            found=f"a {kind.__name__} that is not JSON ({error})",
            expected="what headrace wrote",
            do="Write it again from the pipeline",
        ) from error
    version = value.get("version") if isinstance(value, dict) else None
    if version != VERSION:
        raise SpecError(
            found=f"a {kind.__name__} of version {version}",
            expected=f"version {VERSION}",
            do="Compile the pipeline with the headrace that reads it",
        )
    record: R = decode(kind, value["record"])
    return record


def to_json(value: object) -> Json:
    """Turn records, tuples and mappings into what JSON holds, or say what cannot be turned."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() if isfinite(value):
            return value
        case Mapping() if all(isinstance(key, str) for key in value):
            return {key: to_json(part) for key, part in value.items()}
        case list() | tuple():
            return [to_json(part) for part in value]
        case _ if is_dataclass(value):
            named = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
            return {"kind": type(value).__name__, **named}
    raise SpecError(
        found=f"{value!r} of type {type(value).__name__}",
        expected="None, bool, int, finite float, str, and lists and mappings of them",
        do="Turn it into one of these; a big value belongs in an artifact, code in a Function",
    )


def decode(hint: Any, value: Any) -> Any:
    """Turn plain data into what an annotation names: records, tuples and mappings of them."""
    arms = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    records = {arm.__name__: arm for arm in arms if isinstance(arm, type) and is_dataclass(arm)}
    if isinstance(value, dict) and records:
        return _record(records, value)
    for arm in arms:
        origin = get_origin(arm)
        if origin is tuple and isinstance(value, list):
            return tuple(decode(get_args(arm)[0], part) for part in value)
        if origin in (Sequence, list) and isinstance(value, list):
            return [decode(get_args(arm)[0], part) for part in value]
        if origin in (Mapping, dict) and isinstance(value, dict):
            return {key: decode(get_args(arm)[1], part) for key, part in value.items()}
    return value


def _record(records: Mapping[str, type], value: dict[str, Any]) -> Any:
    kind = records.get(value.get("kind", ""))
    hints = _hints(kind) if kind else {}
    if kind is None or value.keys() != {"kind", *hints}:
        raise SpecError(
            found=f"an object with {sorted(value)} of kind {value.get('kind')!r}",
            expected=f"one of {sorted(records)} with {sorted(hints)}" if kind else f"one of {sorted(records)}",
            do="Write it with the same headrace that reads it",
        )
    return kind(**{name: decode(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
