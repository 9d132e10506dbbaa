"""A snapshot as it was at a moment, by the times at which things were recorded."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from headrace.errors import UnknownReference
from headrace.lineage.filter import moment_of
from headrace.lineage.label import moment as label_moment
from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.outline import Executions
from headrace.metadata.records import StoredArtifact

Find: TypeAlias = Callable[[str, Snapshot, Path], Found]


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


def found_at(find: Find, text: str, whole: Snapshot, then: Snapshot, here: Path) -> Found:
    """Find what a reference names at an earlier moment, in `then`; UnknownReference says what was recorded later."""
    try:
        return find(text, then, here)
    except UnknownReference:
        if whole is then:
            raise
        later = find(text, whole, here)
    raise UnknownReference(
        found=f"{text}, which was recorded later: {label_moment(_recorded(later))}",
        expected="something that was recorded by then",
        do="Name a later moment",
    )


def _recorded(found: Found) -> float:
    return found.created if isinstance(found, StoredArtifact) else found.started


def as_of(text: str) -> float:
    """Read the moment that is looked back at; a day counts to its end. Raises ConfigError."""
    moment = moment_of(text)
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return moment
    year, month, day, *_ = time.localtime(moment)
    return time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1)) - 0.001
