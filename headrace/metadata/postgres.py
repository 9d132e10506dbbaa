"""A store on PostgreSQL that takes backslashes: ML Metadata's own escaping of them breaks its SQL (1.16 to 1.21).

In every text that is stored, a backslash is written as U+241B and a slash, and U+241B itself twice; reading turns them
back. A text without either is stored as it is.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ml_metadata.metadata_store.metadata_store import MetadataStore

MARK = "\N{SYMBOL FOR ESCAPE}"


def hidden(text: str) -> str:
    """Write a text without backslashes."""
    return text.replace(MARK, MARK * 2).replace("\\", f"{MARK}/")


def shown(text: str) -> str:
    """Read what `hidden` wrote."""
    parts = text.split(MARK * 2)
    return MARK.join(part.replace(f"{MARK}/", "\\") for part in parts)


class PostgresStore:
    """A MetadataStore whose texts are translated on their way in and out."""

    def __init__(self, mlmd: MetadataStore) -> None:
        self._mlmd = mlmd

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._mlmd, name)

        def translated(*arguments: Any, **options: Any) -> Any:
            if name.startswith("put_"):
                arguments = tuple(_translated(argument, hidden) for argument in arguments)
            return _translated(method(*arguments, **options), shown)

        return translated


def _translated(value: Any, translate: Callable[[str], str]) -> Any:
    """Translate the texts of messages, in lists and pairs too; messages are copied, never changed."""
    if isinstance(value, list | tuple):
        return type(value)(_translated(part, translate) for part in value)
    if not hasattr(value, "properties"):
        return value
    copy = type(value)()
    copy.CopyFrom(value)
    for texts in _texts(copy):
        for held in texts:
            if held.WhichOneof("value") == "string_value":
                held.string_value = translate(held.string_value)
    if hasattr(copy, "uri") and copy.uri:
        copy.uri = translate(copy.uri)
    return copy


def _texts(message: Any) -> Iterator[list[Any]]:
    for name in ("properties", "custom_properties"):
        held = getattr(message, name, None)
        if held is not None and all(hasattr(value, "WhichOneof") for value in held.values()):
            yield list(held.values())
