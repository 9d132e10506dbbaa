"""Marks something and all that was made from it as tainted, or takes that back; the one way for every verb and page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.errors import UsageError
from headrace.lineage.impact import impact
from headrace.lineage.query import starts_of
from headrace.lineage.reference import Found, reference_to
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.store import Store
from headrace.metadata.taints import Taints


@dataclass(frozen=True, kw_only=True)
class Tainting:
    """What a mark or its end changed: `source` is what was named, `touched` it and all that was made from it."""

    source: str
    touched: Sequence[int]
    changed: Sequence[int]
    still: Sequence[int]


def taint(store: Store, snapshot: Snapshot, found: Found, reason: str) -> Tainting:
    """Let nothing reuse something and what was made from it. Raises UsageError where no reason is given."""
    why = reason.strip()
    if not why:
        raise UsageError(
            found="a mark without a reason",
            expected="why: who finds the mark later asks",
            do="Say it, for example 'wrong labels in span 7'",
        )
    return _changed(store, snapshot, found, lambda taints: taints.with_mark(reference_to(found), why))


def untaint(store: Store, snapshot: Snapshot, found: Found) -> Tainting:
    """Take back what the marks of something taint; what another source taints stays tainted."""
    return _changed(store, snapshot, found, lambda taints: taints.without(reference_to(found)))


def _changed(store: Store, snapshot: Snapshot, found: Found, change: Callable[[Taints], Taints]) -> Tainting:
    told = impact(snapshot, starts_of(found, snapshot, "down"))
    itself = [vertex.number for vertex in told.walk.start if vertex.kind == "artifact"]
    made = [number for numbers in told.artifacts.values() for number in numbers]
    touched = sorted({*itself, *made} & snapshot.by_artifact.keys())
    changed, still = store.change_taints(touched, change)
    return Tainting(source=reference_to(found), touched=touched, changed=changed, still=still)
