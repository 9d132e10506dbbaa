"""Plain data as MLMD values and back, exactly: scalars as they are, the rest as JSON, whose names are listed."""

from collections.abc import Mapping
from json import dumps, loads
from typing import Any, TypeAlias

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.spec.records import Json

Scalar: TypeAlias = bool | int | float | str

WRAPPED = "__value__"
"""The only name in a mapping by which TFX keeps a value as JSON."""
AS_JSON = "__json__"
"""The custom property that lists, as JSON, the names whose values are JSON texts."""


def to_value(value: Json) -> pb.Value:
    match value:
        case bool():
            return pb.Value(bool_value=value)
        case int() if -(2**63) <= value < 2**63:
            return pb.Value(int_value=value)
        case float() if _survives(value):
            return pb.Value(double_value=value)
        case str():
            return pb.Value(string_value=value)
        case _:
            return pb.Value(string_value=dumps(value))


def to_typed(value: Scalar) -> pb.Value:
    """Write a typed property; of a float MLMD keeps 15 significant digits."""
    return pb.Value(double_value=value) if isinstance(value, float) else to_value(value)


def from_value(value: pb.Value) -> Json:
    kind = value.WhichOneof("value")
    if kind in ("struct_value", "proto_value"):  # other programs write them
        return _message(getattr(value, kind))
    found: Json = getattr(value, kind) if kind else None
    return found


def to_custom(values: Mapping[str, Json]) -> dict[str, pb.Value]:
    """Turn a mapping into custom properties; TFX writes the same names and JSON texts."""
    custom = {name: to_value(value) for name, value in values.items()}
    if texts := [name for name, value in values.items() if not _is_scalar(value)]:
        custom[AS_JSON] = pb.Value(string_value=dumps(texts))
    return custom


def from_custom(custom: Mapping[str, pb.Value]) -> dict[str, Json]:
    """Read what `to_custom` wrote; whatever else stands there is taken as it is."""
    texts: set[str] = set(loads(custom[AS_JSON].string_value)) if AS_JSON in custom else set()
    found = {name: from_value(value) for name, value in custom.items() if not name.startswith("__")}
    return {name: loads(str(value)) if name in texts else value for name, value in found.items()}


def _message(message: Any) -> Json:
    """Write a message as plain data; one of a type that is not known here by the name of that type."""
    from google.protobuf.json_format import MessageToDict  # noqa: PLC0415  only what others wrote needs it

    try:
        found: dict[str, Json] = MessageToDict(message)
    except TypeError:
        return {"@type": message.type_url}
    wrapped: Json = loads(str(found[WRAPPED])) if found.keys() == {WRAPPED} else found
    return wrapped


def _is_scalar(value: Json) -> bool:
    if isinstance(value, float):
        return _survives(value)
    return isinstance(value, bool | str) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _survives(value: float) -> bool:
    """Tell whether MLMD gives a float back as it was: it keeps 15 significant digits."""
    return float(f"{value:.15g}") == value
