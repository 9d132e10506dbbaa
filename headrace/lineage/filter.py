"""The grammar of filters: `state:FAILED pipeline:flights since:7d param.trials>3 text`; all terms must hold."""

import re
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from headrace.errors import ConfigError
from headrace.spec.records import Json

_TERM = re.compile(r"(?P<name>[A-Za-z_][\w.\-]*)(?P<operator>>=|<=|!=|:|=|>|<)(?P<value>.*)", re.DOTALL)
_AGE = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_FORMS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Term:
    """A name, how it is compared, and with what; without a name the value is a text to be found anywhere."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True)
class Facts:
    """What terms are compared with: fields by name, the time, and the texts that are searched."""

    fields: Mapping[str, Json]
    time: float
    texts: Sequence[str]


def parsed(text: str) -> list[Term]:
    """Read a filter. Raises ConfigError for a quote that is not closed."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ConfigError(
            found=f"the filter {text!r} ({error})", expected="quotes in pairs", do="Close the quote"
        ) from error
    found = [(_TERM.fullmatch(word), word) for word in words]
    return [Term(m["name"], m["operator"], m["value"]) if m else Term("", ":", word) for m, word in found]


def matches(terms: Sequence[Term], facts: Facts, clock: Callable[[], float] = time.time) -> bool:
    """Tell whether all terms hold. Raises ConfigError for a time that cannot be read."""
    return all(_holds(term, facts, clock) for term in terms)


def _holds(term: Term, facts: Facts, clock: Callable[[], float]) -> bool:
    if term.name in ("since", "until"):
        moment = moment_of(term.value, clock())
        return facts.time >= moment if term.name == "since" else facts.time < moment
    known = term.name in facts.fields
    if not term.name or (term.operator == ":" and not known and "." not in term.name):
        words = (term.value if not term.name else f"{term.name}:{term.value}").lower()
        return any(words in text.lower() for text in facts.texts)
    return known and _compare(facts.fields[term.name], term.operator, term.value)


def _compare(found: Json, operator: str, wanted: str) -> bool:
    match operator:
        case ":" | "=":
            return any(_equal(found, each) for each in wanted.split(","))
        case "!=":
            return not any(_equal(found, each) for each in wanted.split(","))
    left, right = _number(found), _number(wanted)
    if left is None or right is None:
        return False
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[operator]


def _equal(found: Json, wanted: str) -> bool:
    if isinstance(found, list | tuple):
        return any(_equal(each, wanted) for each in found)
    left, right = _number(found), _number(wanted)
    if left is not None and right is not None:
        return left == right
    return fnmatchcase(str("" if found is None else found).lower(), wanted.lower())


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def moment_of(text: str, now: float | None = None) -> float:
    """Read `7d`, `12h`, `2026-11-24`, `2026-11-24T10:30` or seconds since the epoch. Raises ConfigError."""
    if age := _AGE.fullmatch(text):
        return (time.time() if now is None else now) - float(age[1]) * _UNITS[age[2]]
    if re.fullmatch(r"\d{9,}(\.\d+)?", text):
        return float(text)
    for form in _FORMS:
        try:
            return time.mktime(time.strptime(text, form))
        except (ValueError, OverflowError):
            continue
    raise ConfigError(
        found=f"the time {text!r}",
        expected="an age as 7d or 12h, a day as 2026-11-24, or a time as 2026-11-24T10:30",
        do="Correct it",
    )
