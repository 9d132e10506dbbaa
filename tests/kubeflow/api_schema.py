"""Checks what goes over the wire: by a strict schema of our own, and by the models of `kfp-server-api`."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no annotations
import kfp_server_api  # type: ignore[import-untyped]  # nor has this

SCHEMA = json.loads(Path(__file__).with_name("api_schema.json").read_text(encoding="utf-8"))
READER = kfp_server_api.ApiClient()


class _Response:
    """What the reader of models wants of an answer."""

    def __init__(self, value: object) -> None:
        self.data = json.dumps(value)


def check(name: str, value: object) -> None:
    """Check plain data against a message of the API; raises ValueError with the reason, as the gateway does."""
    try:
        jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}).validate(value)
    except jsonschema.ValidationError as error:
        raise ValueError(f"{name}: {error.message}") from error
    model = READER.deserialize(_Response(value), f"V2beta1{name}")
    if _shape(READER.sanitize_for_serialization(model)) != _shape(value):
        raise ValueError(f"{name}: the models of kfp-server-api do not hold {value}")


def _shape(value: Any) -> Any:
    """Keep the names: times are written in more than one way."""
    if isinstance(value, dict):
        return {name: _shape(held) for name, held in value.items()}
    return [_shape(held) for held in value] if isinstance(value, list) else None
