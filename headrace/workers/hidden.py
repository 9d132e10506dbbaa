"""Takes secrets out of texts, in every form in which programs print them."""

import json
from collections.abc import Iterator, Set
from functools import lru_cache

HIDDEN = "***"
SHORTEST = 4
"""Characters of a secret whose other forms are hidden: an escaped newline alone is in every log."""
SHORTEST_LINE = 8
"""Characters of a line of a secret that is hidden on its own."""


def hide(text: str, secrets: Set[str]) -> str:
    """Replace secrets in a text: as they are, escaped in Python's or JSON's way, whole or by their lines."""
    for form in _forms(frozenset(secrets)):
        text = text.replace(form, HIDDEN)
    return text


@lru_cache(maxsize=16)
def _forms(secrets: frozenset[str]) -> tuple[str, ...]:
    """List what is to be replaced, the longest first: one may begin with another."""
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    parts = secrets | {line for line in lines if len(line) >= SHORTEST_LINE}
    forms = {form for part in parts for form in (part, *_escaped(part))}
    return tuple(sorted(filter(None, forms), key=len, reverse=True))


def _escaped(secret: str) -> Iterator[str]:
    """Go through the ways to write a text between quotes; a quote in it is escaped where both kinds are around."""
    if len(secret) < SHORTEST:
        return
    raw = secret.encode("utf-8", "surrogateescape")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (repr(secret)[1:-1], repr('"' + secret)[2:-1])
    yield from (repr(raw)[2:-1], repr(b'"' + raw)[3:-1])
