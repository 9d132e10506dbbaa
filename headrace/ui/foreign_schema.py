"""Schemas in their text form, as SchemaGen's preview shows them."""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from headrace.lineage.lists import Row
from headrace.spec.records import Json
from headrace.ui.splits import LARGEST
from headrace.ui.text_proto import Held, parsed

NAME = "schema.pbtxt"
SHOWN_VALUES = 50
_RANGES = ("int_domain", "float_domain")


def schema_in(place: Path) -> tuple[str, Row] | None:
    """Read the schema of an artifact; the file may be the artifact itself."""
    file = place if place.is_file() else place / NAME
    if not file.is_file() or file.stat().st_size > LARGEST:
        return None
    schema = parsed(file.read_text(encoding="utf-8"))
    shared = {str(_one(domain, "name")): domain for domain in _messages(schema, "string_domain")}
    features: list[Json] = [_feature(each, shared) for each in _messages(schema, "feature")]
    return f"{len(features)} features", {"features": features}


def _feature(feature: Held, shared: Mapping[str, Held]) -> Row:
    shape = _messages(feature, "shape")
    not_in: list[Json] = [str(each) for each in feature.get("not_in_environment", ())]
    return {
        "name": str(_one(feature, "name")),
        "type": str(_one(feature, "type")),
        "presence": _presence(feature),
        "shape": [_whole(_one(dim, "size")) for dim in _messages(shape[0], "dim")] if shape else None,
        "domain": _domain(feature, shared),
        "not_in": not_in,
    }


def _presence(feature: Held) -> str:
    for presence in _messages(feature, "presence"):
        least = _one(presence, "min_fraction")
        if isinstance(least, float) and least > 0:
            return "required" if least >= 1 else f"at least {least:.4g} of rows"
    return "optional"


def _domain(feature: Held, shared: Mapping[str, Held]) -> Row | None:
    """Describe the values that a feature may have: a range, or a list that is cut after 50."""
    if "domain" in feature:
        return _values(shared.get(str(_one(feature, "domain")), {}))
    for domain in _messages(feature, "string_domain"):
        return _values(domain)
    for kind in _RANGES:
        for domain in _messages(feature, kind):
            ends = {end: _one(domain, end) for end in ("min", "max") if end in domain}
            return {end: value for end, value in ends.items() if isinstance(value, float) and isfinite(value)}
    return None


def _values(domain: Held) -> Row:
    values: list[Json] = [str(value) for value in domain.get("value", ())]
    return {"values": values[:SHOWN_VALUES], "count": len(values)}


def _messages(held: Held, name: str) -> list[Held]:
    return [each for each in held.get(name, ()) if isinstance(each, dict)]


def _one(held: Held, name: str) -> str | float:
    value = held.get(name, [""])[0]
    return "" if isinstance(value, dict) else value


def _whole(value: str | float) -> Json:
    return int(value) if isinstance(value, float) else None
