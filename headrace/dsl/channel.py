"""Channels: the artifacts that one output will hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from headrace.dsl.artifact import Artifact, PropertyName
from headrace.dsl.parameter import Placeholder, PropertyOf
from headrace.dsl.source import Source
from headrace.errors import DeclarationError

T = TypeVar("T")
A_co = TypeVar("A_co", bound=Artifact, covariant=True)


@dataclass(frozen=True, eq=False)
class Channel(Generic[A_co]):
    """The artifacts that one output will hold; subscript it for a property: `channel[ModelBlessing.blessed]`."""

    kind: type[A_co]
    source: Source

    def __getitem__(self, wanted: Callable[[A_co], T]) -> Placeholder[T]:
        # Not `wanted: PropertyName[A_co, T]`: mypy would then refuse `channel[Model.span]` for a subtype of Model.
        if not isinstance(wanted, PropertyName) or not issubclass(self.kind, wanted.owner):
            raise DeclarationError(
                found=f"a channel of {self.kind.__name__} subscripted with {wanted!r}",
                expected="one of its properties",
                do=f"Write channel[{self.kind.__name__}.<property>]",
            )
        return PropertyOf(self.source, wanted.name)
