"""Refuses terms of a filter that nothing could ever fit: an unknown field, an unknown state or type, no number."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from headrace.errors import ConfigError
from headrace.lineage.filter import Term

TIMES = ("since", "until")
STATES = (
    *("NEW", "RUNNING", "COMPLETE", "CACHED", "FAILED", "SKIPPED", "BLOCKED", "CANCELED", "ABANDONED", "UNKNOWN"),
    *("PENDING", "LIVE", "DELETED", "MARKED_FOR_DELETION", "REFERENCE", "LOST", "TAINTED"),
    *("blessed", "not-blessed", "pushed"),
)
"""What `state:` takes, of runs, executions and artifacts."""

_GLOB = frozenset("*?[")


def check_terms(terms: Sequence[Term], fields: Collection[str], words: Mapping[str, Collection[str]]) -> None:
    """Check terms against the fields that there are, and values against the words of fields that take only such.

    Raises ConfigError with the closest names. A word without a field is a text, and so are `note:` and `s3://bucket`.
    """
    for term in terms:
        if not term.name or term.name in TIMES or (term.operator == ":" and _is_text(term.value)):
            continue
        if term.name not in fields:
            raise _unknown(_text(term), f"no field {term.name!r}", term.name, [*fields, *TIMES])
        _check_value(term, words.get(term.name, ()))


def _is_text(value: str) -> bool:
    return not value or value.startswith("//")


def _check_value(term: Term, words: Collection[str]) -> None:
    if term.operator in (">", ">=", "<", "<="):
        try:
            float(term.value)
        except ValueError:
            raise ConfigError(
                found=f"{_text(term)} in the filter", expected="a number", do=f"Write {term.name}{term.operator}1"
            ) from None
        return
    known = {word.lower() for word in words}
    for each in term.value.split(","):
        if known and each.lower() not in known and not _GLOB & {*each}:
            raise _unknown(_text(term), f"no {term.name} {each!r}", each, words)


def _unknown(text: str, what: str, name: str, known: Collection[str]) -> ConfigError:
    names = sorted(known, key=str.lower)
    lower = {each.lower(): each for each in reversed(names)}
    near = [lower[each] for each in get_close_matches(name.lower(), lower, 3, 0.6)]
    return ConfigError(
        found=f"{text} in the filter: {what}",
        expected=f"one of {', '.join(names)}",
        do=f"Try {' or '.join(near)}" if near else "Write a word alone to look for it everywhere",
    )


def _text(term: Term) -> str:
    return f"{term.name}{term.operator}{term.value}"
