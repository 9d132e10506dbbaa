"""Records of lineage as plain data: field by field, with a version, a kind and references as text."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass

from headrace.lineage.snapshot import Vertex
from headrace.spec.records import Json

VERSION = 1


def record_json(kind: str, record: object) -> dict[str, Json]:
    """Write a record as version 1 of its JSON."""
    told = plain(record)
    assert isinstance(told, Mapping)
    return {"version": VERSION, "kind": kind, **told}


def plain(value: object) -> Json:
    """Write a value: a vertex as its reference, a record as a mapping without what is its own."""
    match value:
        case Vertex():
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(plain(key)): plain(each) for key, each in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
        case Sequence() | AbstractSet():
            return [plain(each) for each in value]
    raise TypeError(type(value))
