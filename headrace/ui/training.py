"""Curves of a training, read from the event files that TensorBoard reads; without TensorFlow.

An Event has wall_time (1, double), step (2, int64) and summary (5); a Summary has values (1) with tag (1), simple_value
(2, float) and tensor (8); a TensorProto has dtype (1), tensor_content (4), float_val (5), double_val (6), int_val (7).
"""

import struct
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from headrace.ui import wire
from headrace.ui.records_file import records

MOST = 500
"""Points that a curve is thinned to."""
LARGEST = 16 << 20
"""Bytes of event files that are read for one artifact."""
_FLOAT, _DOUBLE = 1, 2
_TYPES = {_FLOAT: ("<f", 4), _DOUBLE: ("<d", 8), 3: ("<i", 4), 9: ("<q", 8)}

Point = tuple[int, float, float]


def curves_in(place: Path) -> dict[str, list[list[float]]] | None:
    """Read the scalars of all event files below a folder, by `<folder>/<tag>`: step, time and value of each point."""
    files = sorted(f for f in place.rglob("*tfevents*") if f.is_file() and not f.is_symlink()) if place.is_dir() else []
    curves: dict[str, list[Point]] = {}
    left = LARGEST
    for file in files:
        left -= file.stat().st_size
        if left < 0:
            break
        folder = file.parent.relative_to(place).as_posix()
        for tag, point in _scalars(file):
            curves.setdefault(tag if folder == "." else f"{folder}/{tag}", []).append(point)
    return {tag: [list(point) for point in thinned(sorted(found))] for tag, found in curves.items()} or None


def thinned(points: list[Point], most: int = MOST) -> list[Point]:
    """Keep the first and the last point, and of the others every so many."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]


def _scalars(file: Path) -> Iterator[tuple[str, Point]]:
    for record in records(file):
        try:
            yield from _in_event(record)
        except (ValueError, struct.error):
            continue


def _in_event(record: bytes) -> Iterator[tuple[str, Point]]:
    event = wire.grouped(record)
    wall = wire.double(event.get(1, [0])[0])
    step = wire.whole(event.get(2, [0])[0])
    for summary in event.get(5, ()):
        for number, value in wire.fields(wire.message(summary)):
            found = _scalar(wire.message(value)) if number == 1 else None
            if found and isfinite(found[1]):
                yield found[0], (step, wall, round(found[1], 9))


def _scalar(value: bytes) -> tuple[str, float] | None:
    held = wire.grouped(value)
    tag = wire.text(held[1][0]) if 1 in held else ""
    if 2 in held:  # noqa: PLR2004  simple_value
        return tag, wire.single(held[2][0])
    if 8 in held:  # noqa: PLR2004  tensor
        number = _number(wire.grouped(wire.message(held[8][0])))
        return None if number is None else (tag, number)
    return None


def _number(tensor: dict[int, list[wire.Value]]) -> float | None:
    """Read the one number of a tensor; None for one that holds several, or something else."""
    form = _TYPES.get(wire.whole(tensor.get(1, [0])[0]))
    if form and 4 in tensor:  # noqa: PLR2004  tensor_content
        content = wire.message(tensor[4][0])
        return float(struct.unpack(form[0], content)[0]) if len(content) == form[1] else None
    for field, size, code in ((5, 4, "<f"), (6, 8, "<d")):
        if field in tensor:
            first = tensor[field][0]
            if isinstance(first, int):
                return wire.single(first) if size == 4 else wire.double(first)  # noqa: PLR2004  bytes of a float
            return float(struct.unpack(code, first)[0]) if len(first) == size else None
    return None
