"""What is said of a reference that finds nothing, or too much: the closest names, the candidates."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from headrace.errors import UnknownReference

T = TypeVar("T")
SHOWN = 6


def only(found: Sequence[T], text: str, names: Sequence[str], what: str, do: str = "Write more of it") -> T | None:
    """Return the one that was found, None for none. Raises UnknownReference with the candidates for several."""
    if len(found) > 1:
        shown = ", ".join(names[:SHOWN])
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise UnknownReference(found=f"{text!r} fits {len(found)} {what}: {shown}{more}", expected="one", do=do)
    return found[0] if found else None


def not_among(found: str, text: str, known: Iterable[str], expected: str) -> UnknownReference:
    """Offer the names that are closest to a text, or the first of them."""
    names = sorted(known)
    near = get_close_matches(text, names, SHOWN, 0.5) or names[:SHOWN]
    left = len(names) - len(near)
    do = f"Try {', '.join(near)}{f' ({left} more)' if left else ''}" if near else "Run a pipeline first"
    return UnknownReference(found=found, expected=expected, do=do)
