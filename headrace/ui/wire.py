"""The wire form of protocol buffers, without their classes: fields by number."""

import struct
from collections.abc import Iterator

Value = int | bytes
"""A varint or a fixed-width number as an integer of its bits, or the bytes of a text or a message."""

_VARINT, _DOUBLE, _BYTES, _FLOAT = 0, 1, 2, 5
_TOP = 0x80


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Go through the fields of a message. Raises ValueError where it is no message."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        match kind:
            case 0:
                value, at = _varint(data, at)
                yield number, value
            case 2:
                size, at = _varint(data, at)
                yield number, _cut(data, at, size)
                at += size
            case 1 | 5:
                size = 8 if kind == _DOUBLE else 4
                yield number, int.from_bytes(_cut(data, at, size), "little")
                at += size
            case _:
                raise ValueError(f"wire type {kind}")


def grouped(data: bytes) -> dict[int, list[Value]]:
    """Gather the values of each field."""
    found: dict[int, list[Value]] = {}
    for number, value in fields(data):
        found.setdefault(number, []).append(value)
    return found


def message(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b""


def text(value: Value) -> str:
    return message(value).decode("utf-8", "replace")


def whole(value: Value) -> int:
    """Read a varint as an int64."""
    if isinstance(value, bytes):
        return 0
    return value - (1 << 64) if value >> 63 else value


def double(value: Value) -> float:
    """Read a fixed64 as a double."""
    return float(struct.unpack("<d", value.to_bytes(8, "little"))[0]) if isinstance(value, int) else 0.0


def single(value: Value) -> float:
    """Read a fixed32 as a float."""
    return float(struct.unpack("<f", value.to_bytes(4, "little"))[0]) if isinstance(value, int) else 0.0


def packed_floats(data: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(data) // 4}f", data[: len(data) // 4 * 4]))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:  # noqa: PLR2004  a varint has ten bytes at most
            raise ValueError("a number without an end")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < _TOP:
            return value & (1 << 64) - 1, at
        shift += 7


def _cut(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise ValueError("a field that goes past the end")
    return data[at : at + size]
