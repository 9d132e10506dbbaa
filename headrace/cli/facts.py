"""Prints plain facts for people: times, sizes, durations and values in words."""

import json
from collections.abc import Callable, Mapping, Sequence

from headrace.cli.output import print_rows, short_time
from headrace.lineage.label import DIGEST, moment, size_text
from headrace.spec.records import Json

TITLES = {"seconds": "took", "cpu_seconds": "cpu", "peak_memory": "memory"}
_WIDEST = 80


def print_facts(rows: Sequence[Mapping[str, Json]], columns: Sequence[str], output: str) -> None:
    """Print rows as a table of these columns, in words, or all they hold as JSON, or as a line of JSON each."""
    if output in ("json", "ndjson"):
        print_rows(rows, columns, output)
        return
    shown = [{TITLES.get(c, c): in_words(c, row.get(c)) for c in columns} for row in rows]
    print_rows(shown, [TITLES.get(column, column) for column in columns], "table")


def in_words(name: str, value: Json) -> str:
    """Write a fact as its name asks for: a time, a duration, a size, or the value itself."""
    write = _WORDS.get(name)
    if value is None or value == "":
        return ""
    if write and isinstance(value, int | float):
        return write(value)
    return text_of(value)


def text_of(value: Json) -> str:
    """Write a value on one line; a long one is cut, with its length."""
    match value:
        case bool():
            text = "yes" if value else "no"
        case str():
            text = value
        case list() | tuple() if all(isinstance(part, str | int | float) for part in value):
            text = ", ".join(str(part) for part in value)
        case _:
            text = json.dumps(value, default=str)
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 20]}… ({len(line)} characters)"


def short_digest(value: str) -> str:
    """Shorten a digest."""
    return value[:DIGEST]


_WORDS: Mapping[str, Callable[[float], str]] = {
    "started": moment,
    "created": moment,
    "ended": moment,
    "seconds": short_time,
    "cpu_seconds": short_time,
    "size": lambda size: size_text(int(size)),
    "peak_memory": lambda size: size_text(int(size)),
}
