"""The text form of protocol buffers, without their classes: names with values and messages."""

import re
from ast import literal_eval
from dataclasses import dataclass
from typing import TypeAlias

Each: TypeAlias = "str | float | Held"
Held: TypeAlias = dict[str, list[Each]]

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<token>[{}<>\[\]:,;]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s{}<>\[\]:,;"'#]+)"""
)
_CLOSE = {"{": "}", "<": ">"}
_DEEPEST = 50
"""Messages inside each other; a schema has six."""


def parsed(text: str) -> Held:
    """Read a message. Raises ValueError where the text is none."""
    reader = _Reader(_tokens(text))
    found = reader.message("")
    if reader.at < len(reader.tokens):
        raise ValueError(f"{reader.tokens[reader.at]!r} closes nothing")
    return found


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"{text[at : at + 20]!r} is no text of a message")
        at = match.end()
        if token := match["token"]:
            found.append(token)
    return found


@dataclass
class _Reader:
    tokens: list[str]
    at: int = 0
    depth: int = 0

    def message(self, close: str) -> Held:
        """Read fields up to the token that closes them."""
        found: Held = {}
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("}", ">"):
            name = self._next()
            self._skip(":")
            found.setdefault(name, []).extend(self._values())
            self._skip(",", ";")
        if close and self._next() != close:
            raise ValueError("a message without an end")
        return found

    def _values(self) -> list[Each]:
        if not self._skip("["):
            return [self._value()]
        found: list[Each] = []
        while not self._skip("]"):
            found.append(self._value())
            self._skip(",")
        return found

    def _value(self) -> Each:
        token = self._next()
        if token in _CLOSE:
            return self._inner(_CLOSE[token])
        if token in "}>]:,;":
            raise ValueError(f"{token!r} is no value of a message")
        if token[0] not in "\"'":
            return _scalar(token)
        text = _unquoted(token)
        while self.at < len(self.tokens) and self.tokens[self.at][0] in "\"'":  # texts that follow each other are one
            text += _unquoted(self._next())
        return text

    def _inner(self, close: str) -> Held:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("messages too deep inside each other")
        found = self.message(close)
        self.depth -= 1
        return found

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise ValueError("a message without an end")
        self.at += 1
        return self.tokens[self.at - 1]

    def _skip(self, *tokens: str) -> bool:
        is_there = self.at < len(self.tokens) and self.tokens[self.at] in tokens
        self.at += is_there
        return is_there


def _scalar(token: str) -> str | float:
    try:
        return float(token)
    except ValueError:
        return token


def _unquoted(token: str) -> str:
    content: bytes = literal_eval(f"b{token}") if token.isascii() else token[1:-1].encode()
    return content.decode("utf-8", "replace")
