"""Parameters, and the placeholders that stand for them until a run knows the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, TypeAlias, TypeVar, get_origin

from headrace.dsl.condition import Condition, not_known_yet
from headrace.dsl.source import Source
from headrace.errors import DeclarationError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Location: TypeAlias = Annotated[str, "a location"]
"""A path or address outside the pipeline: recorded, never keyed; a driver's fact or an effect check stands for it."""


class Placeholder(Generic[T_co]):
    """A value that exists only in a run."""

    def equals(self, value: T_co | Placeholder[T_co]) -> Condition:
        return Condition("equals", (self, value))

    def at_least(self: Placeholder[float], value: float | Placeholder[float]) -> Condition:
        return Condition("at_least", (self, value))

    __str__ = __format__ = __bool__ = not_known_yet


@dataclass(frozen=True, eq=False)
class PropertyOf(Placeholder[T_co]):
    """A property of an upstream artifact: `channel[ModelBlessing.blessed]`."""

    source: Source
    name: str


@dataclass(frozen=True, eq=False)
class RuntimeParameter(Placeholder[T_co]):
    """A value given to the run: `headrace run -p name=value`."""

    name: str
    kind: type[T_co]
    default: T_co

    def __post_init__(self) -> None:
        fits = isinstance(self.default, get_origin(self.kind) or self.kind)
        if not fits or (isinstance(self.default, bool) and self.kind is not bool):
            raise DeclarationError(
                found=f"the runtime parameter {self.name!r} has the default {self.default!r}",
                expected=f"a default of type {self.kind.__name__}",
                do="Change the default or the type",
            )


@dataclass(frozen=True, eq=False)
class Secret(Placeholder[str]):
    """A value of the environment that travels by name: `Secret("DB_PASSWORD")` is never recorded or keyed."""

    name: str


Parameter: TypeAlias = T | Placeholder[T]


def placeholders(value: object) -> Iterator[Placeholder[object]]:
    """Find the placeholders in a parameter, however deep in lists, mappings and conditions."""
    match value:
        case Placeholder():
            yield value
        case Condition(operands=nested) | [*nested]:
            yield from (found for part in nested for found in placeholders(part))
        case Mapping():
            yield from (found for part in value.values() for found in placeholders(part))
        case _:
            return
