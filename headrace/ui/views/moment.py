"""A snapshot as it was at a moment, by the times at which things were recorded."""

from dataclasses import replace

from headrace.lineage.snapshot import Snapshot


def at(snapshot: Snapshot, moment: float) -> Snapshot:
    """Leave out what was recorded later; states are those of today."""
    executions = {number: each for number, each in snapshot.by_execution.items() if each.created <= moment}
    artifacts = {number: each for number, each in snapshot.by_artifact.items() if each.created <= moment}
    return replace(
        snapshot,
        by_run={name: run for name, run in snapshot.by_run.items() if run.started <= moment},
        by_execution=executions,
        by_artifact=artifacts,
        events={
            number: [event for event in events if event.artifact in artifacts]
            for number, events in snapshot.events.items()
            if number in executions
        },
    )
