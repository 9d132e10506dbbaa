"""Loads a snapshot of a store in bulk, and brings one up to date with what changed since."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeVar

from headrace.lineage.snapshot import Snapshot, grouped
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.outline import ExecutionOutline, Executions, Outline
from headrace.metadata.records import Run, RunState

K = TypeVar("K")
V = TypeVar("V")

OVERLAP = 60.0
"""Seconds before the last change that are read again: the clocks of writers differ, and transactions end late."""


def load(catalogue: Catalogue) -> Snapshot:
    """Load a store in bulk."""
    outline = catalogue.outline()
    executions = Executions((execution.id, execution) for execution in outline.executions)
    recorded = {run.id: run for run in outline.runs}
    snapshot = Snapshot(
        recorded=recorded,
        by_run=_runs(recorded, executions),
        by_execution=executions,
        by_artifact={artifact.id: artifact for artifact in outline.artifacts},
        events=grouped((event.execution, event) for event in outline.events),
        catalogue=catalogue,
        last_change=_last_change(outline),
        last_event=outline.last_event,
    )
    return snapshot.indexed()


def refresh(snapshot: Snapshot) -> Snapshot:
    """Return the store as it is now: the same snapshot where nothing changed.

    Changes are found by the time of update, with an overlap, never by id: COMPLETE comes under the id that RUNNING had.
    """
    since = snapshot.last_change - OVERLAP
    if since <= 0:
        return load(snapshot.catalogue)
    changes = snapshot.catalogue.outline(since, snapshot.last_event)
    executions = _news(snapshot.by_execution, {e.id: e for e in changes.executions})
    artifacts = _news(snapshot.by_artifact, {a.id: a for a in changes.artifacts})
    events = _news(snapshot.events, grouped((event.execution, event) for event in changes.events))
    runs = _news(snapshot.recorded, {run.id: run for run in changes.runs})
    if not (executions or artifacts or events or runs):
        return snapshot
    recorded = {**snapshot.recorded, **runs}
    by_execution = Executions(_by_id(snapshot.by_execution, executions))
    later = Snapshot(
        recorded=recorded,
        by_run=_runs(recorded, by_execution),
        by_execution=by_execution,
        by_artifact=_by_id(snapshot.by_artifact, artifacts),
        events={**snapshot.events, **events},
        catalogue=snapshot.catalogue,
        last_change=max(snapshot.last_change, _last_change(changes)),
        last_event=changes.last_event,
        known_executions=_without(snapshot.known_executions, executions.keys() | events.keys()),
        known_artifacts=_without(snapshot.known_artifacts, artifacts.keys()),
    )
    return later.indexed()


def _news(before: Mapping[K, V], after: Mapping[K, V]) -> dict[K, V]:
    return {key: value for key, value in after.items() if before.get(key) != value}


def _by_id(before: Mapping[int, V], changed: Mapping[int, V]) -> dict[int, V]:
    together = {**before, **changed}
    in_order = not before or not changed or all(number in before for number in changed)
    return together if in_order else dict(sorted(together.items()))


def _without(known: Mapping[int, V], numbers: AbstractSet[int]) -> dict[int, V]:
    return {number: value for number, value in dict(known).items() if number not in numbers}


def _last_change(outline: Outline) -> float:
    executions = max((e.updated for e in outline.executions), default=0.0)
    return max(executions, max((a.updated for a in outline.artifacts), default=0.0))


def _runs(recorded: Mapping[str, Run], executions: Mapping[int, ExecutionOutline]) -> dict[str, Run]:
    """Sort runs, newest first; another program's are told by their executions."""
    foreign = {number for number, run in recorded.items() if not run.started}
    members = grouped((e.run, e) for e in executions.values() if e.run in foreign) if foreign else {}
    runs = [_as_run(run, members.get(number, ())) for number, run in recorded.items()]
    order = (lambda run: (run.started, run.id)) if foreign else (lambda run: (0.0, run.id))
    return {run.id: run for run in sorted(runs, key=order, reverse=True)}


def _as_run(run: Run, members: Sequence[ExecutionOutline]) -> Run:
    """Say of another program's run what its executions tell."""
    if run.started or not members:
        return run
    states = {member.state for member in members}
    state: RunState = "RUNNING" if "RUNNING" in states else "FAILED" if "FAILED" in states else "COMPLETE"
    return replace(
        run,
        pipeline=run.pipeline or members[0].pipeline,
        state=state,
        started=min(member.created for member in members),
        ended=0.0 if state == "RUNNING" else max(member.updated for member in members),
        orchestrator="",
    )
