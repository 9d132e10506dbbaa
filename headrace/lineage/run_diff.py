"""Two runs beside each other, matched node by node: same, changed and by which parts, only here, only there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Literal

from headrace.lineage.determinants import DISTRIBUTION, FACT, parts_of
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Cached, Execution, Run
from headrace.metadata.states import state_of

Verdict = Literal["same", "changed", "only_first", "only_second"]


@dataclass(frozen=True, kw_only=True)
class PartChange:
    """A part of a cache key, or a module of the code, that differs; empty on the side that lacks it."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class NodeDiff:
    """A node in two runs: its last executions by id, 0 where it has none, their states, and the parts that differ."""

    node: str
    item: int | None
    verdict: Verdict
    first: int
    second: int
    states: tuple[str, str]
    changes: Sequence[PartChange]


@dataclass(frozen=True, kw_only=True)
class RunDiff:
    """Two runs: their nodes in the order of the second one, then those of the first alone; values that differ."""

    first: str
    second: str
    nodes: Sequence[NodeDiff]
    values: Sequence[PartChange]


def diff_runs(snapshot: Snapshot, first: Run, second: Run) -> RunDiff:
    """Compare two runs, matched by node; one with the same cache key is the same."""
    before, after = (_last(snapshot.in_run(run.id)) for run in (first, second))
    order = [*after, *(key for key in before if key not in after)]
    values = [{name: dumps(value) for name, value in run.values.items()} for run in (first, second)]
    return RunDiff(
        first=first.id,
        second=second.id,
        nodes=[_node(snapshot, key, before.get(key), after.get(key)) for key in order],
        values=changes_between(*values),
    )


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[PartChange]:
    """List the names whose values differ, in the order of `after`, then what only `before` has."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        PartChange(part=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    ]


def changes_in(snapshot: Snapshot, before: Execution, after: Execution) -> list[PartChange]:
    """List the parts that differ of what decided two executions.

    Where a store has no keys, data and versions are told by what an execution gave, so not by one that failed.
    """
    sides = [telling(snapshot, execution) for execution in (before, after)]
    changes = changes_between(*map(parts_of, sides))
    if all(execution.key for execution in sides):
        return changes
    return [c for c in changes if (c.before and c.after) or not c.part.startswith((FACT, DISTRIBUTION))]


def telling(snapshot: Snapshot, execution: Execution) -> Execution:
    """Return the execution that tells what decided one: TFX writes less of a cached one than of what it stands for."""
    if execution.key or not isinstance(execution.status, Cached):
        return execution
    return snapshot.execution(execution.status.execution) or execution


def _last(executions: Sequence[Execution]) -> dict[tuple[str, int | None], Execution]:
    return {(e.node, e.item): e for e in executions}


def _node(
    snapshot: Snapshot, key: tuple[str, int | None], before: Execution | None, after: Execution | None
) -> NodeDiff:
    changes = changes_in(snapshot, before, after) if before and after else []
    verdict: Verdict = "changed" if changes else "same"
    if before is None or after is None:
        verdict = "only_second" if before is None else "only_first"
    return NodeDiff(
        node=key[0],
        item=key[1],
        verdict=verdict,
        first=before.id if before else 0,
        second=after.id if after else 0,
        states=(state_of(before) if before else "", state_of(after) if after else ""),
        changes=changes,
    )
