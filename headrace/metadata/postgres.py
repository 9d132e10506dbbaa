"""A store on PostgreSQL that takes backslashes: ML Metadata's own escaping of them breaks its SQL (1.16 to 1.21).

In every text that is stored, a backslash is written as U+241B and a slash, and U+241B itself twice; reading turns them
back. A text without either is stored as it is.
"""

from collections.abc import Callable, Iterator
from typing import Any

from headrace.metadata.road import Road

MARK = "\N{SYMBOL FOR ESCAPE}"
NODES = ("Artifact", "Execution", "Context")
_MARKED, _BACKSLASH = MARK.encode(), b"\\"


def hidden(text: str) -> str:
    """Write a text without backslashes."""
    return text.replace(MARK, MARK * 2).replace("\\", f"{MARK}/")


def shown(text: str) -> str:
    """Read what `hidden` wrote."""
    parts = text.split(MARK * 2)
    return MARK.join(part.replace(f"{MARK}/", "\\") for part in parts)


class Translated:
    """A road on which the texts of requests are hidden, and those of answers shown."""

    def __init__(self, road: Road) -> None:
        self._road = road

    def __call__(self, method: str, request: Any, response: Any) -> None:
        self._road(method, _hidden(request), response)
        if _MARKED in response.SerializeToString():
            _translate(response, shown)


def _hidden(request: Any) -> Any:
    """Hide the texts of a request in a copy, where there is anything to hide."""
    written = request.SerializeToString()
    if _MARKED not in written and _BACKSLASH not in written:
        return request
    copy = type(request)()
    copy.CopyFrom(request)
    _translate(copy, hidden)
    if hasattr(copy, "uris"):
        copy.uris[:] = [hidden(uri) for uri in copy.uris]
    return copy


def _translate(message: Any, translate: Callable[[str], str]) -> None:
    """Translate the properties and places of all artifacts, executions and contexts in a message."""
    for node in _nodes(message):
        for held in (node.properties, node.custom_properties):
            for value in held.values():
                if value.WhichOneof("value") == "string_value":
                    value.string_value = translate(value.string_value)
        if node.DESCRIPTOR.name == "Artifact" and node.uri:
            node.uri = translate(node.uri)


def _nodes(message: Any) -> Iterator[Any]:
    if message.DESCRIPTOR.name in NODES:
        yield message
        return
    for described, value in message.ListFields():
        if described.message_type is None or described.message_type.GetOptions().map_entry:
            continue
        for part in [value] if hasattr(value, "DESCRIPTOR") else value:
            yield from _nodes(part)
