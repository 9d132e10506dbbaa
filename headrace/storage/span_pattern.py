"""Patterns of locations that name spans and versions: `data/flights-{YYYY}-{MM}.parquet`, `rows-{SPAN}.csv`, globs."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{(SPAN|VERSION|YYYY|MM|DD)(?::(\d+))?\}")
_DIGITS = {"SPAN": r"\d+", "VERSION": r"\d+", "YYYY": r"\d{4}", "MM": r"\d{2}", "DD": r"\d{2}"}
_EPOCH = date(1970, 1, 1)


class SpanVersion(NamedTuple):
    """What a name says of itself; both are 0 where the pattern has none."""

    span: int
    version: int


def match(pattern: str, name: str) -> SpanVersion | None:
    """Read span and version from a name; None where it does not fit the pattern, or names no date."""
    parts = _matcher(pattern).fullmatch(name)
    if parts is None or (span := _span(parts.groupdict())) is None:
        return None
    return SpanVersion(span, int(parts.groupdict().get("VERSION") or 0))


def glob_of(pattern: str) -> str:
    """Turn a pattern into a glob that finds at least all that it matches."""
    return PLACEHOLDER.sub("*", pattern)


def placeholders(pattern: str) -> set[str]:
    """Name the placeholders of a pattern."""
    return {name for name, _ in PLACEHOLDER.findall(pattern)}


def spell_span(pattern: str, span: int) -> str:
    """Say which span a number is: the date, for a pattern that names dates."""
    names = placeholders(pattern)
    if "DD" in names:
        return f"{span} ({date.fromordinal(_EPOCH.toordinal() + span)})"
    if "MM" in names:
        return f"{span} ({_EPOCH.year + span // 12}-{span % 12 + 1:02d})"
    return str(span)


@lru_cache
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(_regex(pattern))


def _regex(pattern: str) -> str:
    """Turn a pattern into a regular expression; a placeholder that comes again must match the same digits."""
    regex, seen, at = "", set[str](), 0
    for place in PLACEHOLDER.finditer(pattern):
        name, width = place.groups()
        digits = rf"\d{{{width}}}" if width else _DIGITS[name]
        regex += _glob_regex(pattern[at : place.start()])
        regex += f"(?P={name})" if name in seen else f"(?P<{name}>{digits})"
        seen.add(name)
        at = place.end()
    return regex + _glob_regex(pattern[at:])


def _glob_regex(text: str) -> str:
    parts = re.split(r"(\*\*/|\*|\?|\[[^\]]+\])", text)
    meanings = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part) or (part if part.startswith("[") else re.escape(part)) for part in parts)


def _span(found: Mapping[str, str]) -> int | None:
    """Give a span its number: as it is, or the days, months or years from 1970 on; None for what is no date."""
    if "SPAN" in found:
        return int(found["SPAN"])
    if "YYYY" not in found:
        return 0
    year, month, day = int(found["YYYY"]), int(found.get("MM", 1)), int(found.get("DD", 1))
    try:
        days = date(year, month, day).toordinal() - _EPOCH.toordinal()
    except ValueError:
        return None
    if "DD" in found:
        return days
    return (year - _EPOCH.year) * 12 + month - 1 if "MM" in found else year
