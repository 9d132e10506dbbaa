"""Resolvers: channels that ask for artifacts older than the run, made by the same pipeline.

A *keyed* resolver's answer is part of the cache key; an *accelerator* (`keyed=False`) is recorded and not keyed.
"""

from typing import NoReturn, TypeVar

from headrace.dsl.artifact import Artifact
from headrace.dsl.channel import Channel
from headrace.dsl.function import Function
from headrace.dsl.source import Query
from headrace.errors import DeclarationError

A = TypeVar("A", bound=Artifact)


def latest(kind: type[A], *, keyed: bool = True) -> Channel[A]:
    """Ask for the newest artifact of a type."""
    return Channel(kind, Query(Function("headrace.launcher.resolvers:latest"), {"type": kind.type_id}, keyed))


def previous_span(kind: type[A], *, of: str, keyed: bool = True) -> Channel[A]:
    """Ask for the artifact of the highest span below that of the input named `of`; the newest, where several are."""
    resolver = Function("headrace.launcher.resolvers:previous_span")
    return Channel(kind, Query(resolver, {"type": kind.type_id, "of": of}, keyed))


def latest_blessed(kind: type[A], *, other_than: str = "", keyed: bool = True) -> Channel[A]:
    """Ask for the newest blessed model.

    With `other_than`, the name of an input, the model must differ from that input by content and its span must not be
    above that input's.
    """
    resolver = Function("headrace.launcher.resolvers:latest_blessed")
    return Channel(kind, Query(resolver, {"type": kind.type_id, "other_than": other_than}, keyed))


def span_range(kind: type[Artifact], count: int) -> NoReturn:
    """Refuse: a range of spans is reserved in the spec and not built."""
    raise DeclarationError(
        found=f"span_range({kind.__name__}, {count})",
        expected="one of latest, previous_span and latest_blessed: ranges of spans are reserved",
        do="Run one span a run (headrace run --span 1..12) and read the newest with latest()",
    )


def for_each(items: object, body: object) -> NoReturn:  # noqa: ARG001  the reserved signature
    """Refuse: a node per item is reserved in the spec and not built."""
    raise DeclarationError(
        found="for_each()",
        expected="nodes that are declared one by one: for_each is reserved",
        do="Make the nodes in a Python loop, with options=NodeOptions(id=...) for each",
    )
