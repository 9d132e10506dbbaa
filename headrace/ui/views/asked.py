"""Questions to the graph, and the part of it that answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Edge
from headrace.lineage.view import View
from headrace.ui.views.vertices import Notes


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to the graph; `collapse` is empty for what fits, `as_of` in seconds since the epoch."""

    focus: str = ""
    up: int | None = 2
    down: int | None = 2
    mode: str = "walk"
    to: str = ""
    collapse: str = ""
    until: str = ""
    within_run: bool = False
    as_of: float | None = None
    kinds: str = "both"
    limit: int = 400


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The part of the graph that answers, with what is said about it; `extra` goes into the answer as it is."""

    view: View
    notes: Notes = field(default_factory=Notes)
    diff: Mapping[Edge, str] = field(default_factory=dict)
    extra: Row = field(default_factory=dict)
