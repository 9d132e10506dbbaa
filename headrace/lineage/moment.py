"""A snapshot as it was at a moment, by the times at which things were recorded."""

import re
import time
from dataclasses import replace

from headrace.lineage.filter import moment_of
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.outline import Executions


def at(snapshot: Snapshot, moment: float) -> Snapshot:
    """Leave out what was recorded later; states are those of today."""
    executions = Executions((n, each) for n, each in snapshot.by_execution.items() if each.created <= moment)
    artifacts = {number: each for number, each in snapshot.by_artifact.items() if each.created <= moment}
    return replace(
        snapshot,
        by_run={name: run for name, run in snapshot.by_run.items() if run.started <= moment},
        by_execution=executions,
        by_artifact=artifacts,
        events={
            number: [event for event in events if event.artifact in artifacts]
            for number, events in snapshot.events.items()
            if number in executions or number not in snapshot.by_execution
        },
    )


def as_of(text: str) -> float:
    """Read the moment that is looked back at; a day counts to its end. Raises ConfigError."""
    moment = moment_of(text)
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return moment
    year, month, day, *_ = time.localtime(moment)
    return time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1)) - 0.001
