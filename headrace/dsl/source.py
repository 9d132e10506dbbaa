"""Where the artifacts of a channel come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from headrace.dsl.artifact import Artifact
from headrace.dsl.function import Function


class Producer(Protocol):
    """A node, as those that read from it see it."""

    @property
    def declared_at(self) -> str: ...


@dataclass(frozen=True)
class Output:
    """An output of a node, within the run."""

    producer: Producer = field(repr=False)
    name: str


@dataclass(frozen=True)
class Query:
    """What a resolver finds among artifacts older than the run."""

    resolver: Function
    arguments: Mapping[str, str]
    keyed: bool


@dataclass(frozen=True)
class Imported:
    """A folder that no pipeline made."""

    kind: type[Artifact]
    uri: str
    properties: Mapping[str, object]


Source = Output | Query | Imported
