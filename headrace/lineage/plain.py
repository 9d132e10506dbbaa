"""Plain data of previews and records, taken for what it should be; what is something else is empty."""

from collections.abc import Mapping

from headrace.spec.records import Json

Table = Mapping[str, Json]


def table_at(value: Json, *names: str) -> Table:
    """Return the mapping at a place inside plain data."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def rows_at(value: Json, *names: str) -> list[Table]:
    """Return the list of mappings at a place inside plain data."""
    *outer, last = names
    found = table_at(value, *outer).get(last)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def texts_at(value: Json, *names: str) -> list[str]:
    """Return the list of texts at a place inside plain data."""
    *outer, last = names
    found = table_at(value, *outer).get(last)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def number_at(value: Json, name: str) -> float | None:
    """Return a number of a mapping."""
    found = table_at(value).get(name)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def text_at(value: Json, name: str) -> str:
    """Return a text of a mapping."""
    found = table_at(value).get(name)
    return found if isinstance(found, str) else ""
