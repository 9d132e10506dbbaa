"""A few questions to a model with its answers, kept so that a copy can be asked the same: one JSON file."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from headrace.serving.model import Array, Arrays

RELATIVE, ABSOLUTE = 1e-3, 1e-5
"""How far a number may be off: another machine adds in another order."""


def write_requests(file: Path, signature: str, request: Arrays, answer: Arrays) -> None:
    """Keep what a signature was asked, and what it said."""
    content = {"version": 1, "signature": signature, "request": _plain(request), "answer": _plain(answer)}
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_requests(file: Path) -> tuple[str, Arrays, Arrays]:
    """Return the signature, the request and the answer."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return content["signature"], _arrays(content["request"]), _arrays(content["answer"])


def difference(expected: Arrays, found: Arrays) -> str:
    """Say in which outputs two answers differ, or nothing."""
    if expected.keys() != found.keys():
        return f"it has the outputs {sorted(found)} and had {sorted(expected)}"
    odd = [name for name, value in expected.items() if not _same(value, found[name])]
    return f"its answers in {odd} are not those it was evaluated with" if odd else ""


def _same(one: Array, other: Array) -> bool:
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return False
    if one.dtype.kind == "f":
        return bool(np.allclose(one, other, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))
    return bool((one == other).all())


def _plain(arrays: Arrays) -> dict[str, object]:
    return {name: _plain_array(value) for name, value in sorted(arrays.items())}


def _plain_array(value: Array) -> dict[str, object]:
    """Write numbers as they are and texts in base 64."""
    if value.dtype.kind == "O":
        flat: list[object] = [base64.b64encode(bytes(text)).decode("ascii") for text in value.reshape(-1)]
        return {"dtype": "text", "shape": list(value.shape), "values": flat}
    return {"dtype": value.dtype.name, "shape": list(value.shape), "values": [_number(x) for x in value.reshape(-1)]}


def _number(value: np.generic) -> object:
    """Write a float as a text: JSON has no NaN."""
    return repr(value.item()) if value.dtype.kind == "f" else value.item()


def _arrays(plain: Mapping[str, Any]) -> dict[str, Array]:
    return {name: _array(value) for name, value in plain.items()}


def _array(plain: Mapping[str, Any]) -> Array:
    if plain["dtype"] == "text":
        array: Array = np.array([base64.b64decode(text) for text in plain["values"]], dtype=object)
    else:
        values = [float(x) if isinstance(x, str) else x for x in plain["values"]]
        array = np.array(values, dtype=plain["dtype"])
    return array.reshape(plain["shape"])
