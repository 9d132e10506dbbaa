"""Reads a cron expression as Kubeflow's server does (robfig/cron v1.2.0, parser.go and spec.go): seconds first.

Written from that source, apart from headrace's own reader, so that one can be held against the other.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(NAMES, 1)}
DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
BOUNDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, MONTHS),
    (0, 6, DAYS),
)
DESCRIPTORS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Field:
    """The values of one field, and whether a star stood in it."""

    values: frozenset[int]
    star: bool


@dataclass(frozen=True)
class Spec:
    """A schedule of six fields."""

    fields: tuple[Field, ...]

    def fires(self, time: datetime) -> bool:
        second, minute, hour, day, month, weekday = self.fields
        on_day = time.day in day.values
        on_weekday = time.isoweekday() % 7 in weekday.values
        days = (on_day and on_weekday) if day.star or weekday.star else (on_day or on_weekday)
        clock = time.second in second.values and time.minute in minute.values and time.hour in hour.values
        return clock and days and time.month in month.values


def parse(text: str) -> Spec | timedelta:
    """Read an expression; raises ValueError with the server's words."""
    if not text:
        raise ValueError("Empty spec string")
    if text.startswith("@"):
        return _descriptor(text)
    parts = text.split()
    if not 5 <= len(parts) <= 6:
        raise ValueError(f"Expected 5 to 6 fields, found {len(parts)}: {text}")
    parts += ["*"] * (6 - len(parts))
    return Spec(tuple(_field(part, *bounds) for part, bounds in zip(parts, BOUNDS, strict=True)))


def _descriptor(text: str) -> Spec | timedelta:
    if text.startswith("@every "):
        parts = re.findall(r"([0-9.]+)(h|ms|m|s|us|µs|ns)", text.removeprefix("@every "))
        if "".join(number + unit for number, unit in parts) != text.removeprefix("@every ") or not parts:
            raise ValueError(f"Failed to parse duration {text}")
        return timedelta(seconds=max(1, int(sum(float(number) * UNITS[unit] for number, unit in parts))))
    if text not in DESCRIPTORS:
        raise ValueError(f"Unrecognized descriptor: {text}")
    return parse(DESCRIPTORS[text])


def _field(text: str, low: int, high: int, names: dict[str, int]) -> Field:
    ranges = [_range(part, low, high, names) for part in text.split(",") if part]
    return Field(
        frozenset().union(*(each.values for each in ranges)) if ranges else frozenset(),
        any(each.star for each in ranges),
    )


def _range(text: str, low: int, high: int, names: dict[str, int]) -> Field:
    ends, *steps = text.split("/")
    first, *rest = ends.split("-")
    if len(rest) > 1 or len(steps) > 1:
        raise ValueError(f"Too many hyphens or slashes: {text}")
    star = first in ("*", "?")
    start = low if star else _number(first, names)
    end = high if star else _number(rest[0], names) if rest else start
    step = _number(steps[0], {}) if steps else 1
    if steps and not rest:
        end = high
    if start < low or end > high or start > end or step == 0:
        raise ValueError(f"Range out of bounds: {text}")
    return Field(frozenset(range(start, end + 1, step)), star)


def _number(text: str, names: dict[str, int]) -> int:
    number = names.get(text.lower())
    if number is None:
        if not re.fullmatch(r"\+?\d+", text):
            raise ValueError(f"Failed to parse int from {text}")
        number = int(text)
    return number
