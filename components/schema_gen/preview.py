"""A schema as plain data: what a page shows of every feature."""

from collections.abc import Sequence
from math import isfinite

from tensorflow_metadata.proto.v0 import schema_pb2 as pb

SHOWN_VALUES = 50


def describe(schema: pb.Schema) -> list[dict[str, object]]:
    """Describe the features of a schema, in its order."""
    shared = {domain.name: domain.value for domain in schema.string_domain}
    return [_feature(feature, shared) for feature in schema.feature]


def _feature(feature: pb.Feature, shared: dict[str, Sequence[str]]) -> dict[str, object]:
    return {
        "name": feature.name,
        "type": pb.FeatureType.Name(feature.type),
        "presence": _presence(feature),
        "shape": [int(dim.size) for dim in feature.shape.dim] if feature.HasField("shape") else None,
        "domain": _domain(feature, shared),
        "not_in": [*feature.not_in_environment],
    }


def _presence(feature: pb.Feature) -> str:
    if not feature.HasField("presence"):
        return "optional"
    if feature.presence.min_fraction >= 1:
        return "required"
    return f"at least {feature.presence.min_fraction:.4g} of rows" if feature.presence.min_fraction else "optional"


def _domain(feature: pb.Feature, shared: dict[str, Sequence[str]]) -> dict[str, object] | None:
    """Describe the values that a feature may have: a range, or a list that is cut after 50."""
    match feature.WhichOneof("domain_info"):
        case "domain":
            return _values(shared.get(feature.domain, ()))
        case "string_domain":
            return _values(feature.string_domain.value)
        case "int_domain":
            return _range(feature.int_domain)
        case "float_domain":
            return _range(feature.float_domain)
        case "bool_domain":
            return {"values": [feature.bool_domain.false_value, feature.bool_domain.true_value], "count": 2}
        case None:
            return None
        case other:
            return {"kind": other}


def _values(values: Sequence[str]) -> dict[str, object]:
    return {"values": [*values[:SHOWN_VALUES]], "count": len(values)}


def _range(domain: pb.IntDomain | pb.FloatDomain) -> dict[str, object]:
    ends = {end: getattr(domain, end) for end in ("min", "max") if domain.HasField(end)}
    return {end: value for end, value in ends.items() if isfinite(value)}
