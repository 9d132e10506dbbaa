"""Two runs beside each other, matched node by node: same, changed and by which parts, only here, only there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Literal

from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Execution, Run
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
        nodes=[_node(key, before.get(key), after.get(key)) for key in order],
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


def parts_of(execution: Execution) -> dict[str, str]:
    """Return what decided an execution, part by part; without a key, its parameters and what it read."""
    if execution.key:
        return {**execution.key.parts, **{f"code {name}": digest for name, digest in execution.key.sources.items()}}
    parameters = {f"parameter {name}": dumps(value) for name, value in execution.parameters.items()}
    inputs = {
        f"input {name}[{index}]": artifact.digest or artifact.path
        for name, found in execution.inputs.items()
        for index, artifact in enumerate(found)
    }
    return {**parameters, **inputs}


def _last(executions: Sequence[Execution]) -> dict[tuple[str, int | None], Execution]:
    return {(e.node, e.item): e for e in executions}


def _node(key: tuple[str, int | None], before: Execution | None, after: Execution | None) -> NodeDiff:
    changes = changes_between(parts_of(before), parts_of(after)) if before and after else []
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
