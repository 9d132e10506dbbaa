"""What nodes printed, where this machine or the store's root keeps it."""

from collections.abc import Iterator

from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Cached, Execution
from headrace.orchestrators.kept_logs import kept_log
from headrace.orchestrators.workspace import Place
from headrace.ui.jail import known

_MOST = 1 << 20
"""Bytes of the end of a log that are looked at."""


def log_of(execution: Execution, snapshot: Snapshot, place: Place, tail: int) -> str | None:
    """Read the last lines of what an execution printed, or the one that stands for it; None where that is gone."""
    made = _worker(execution, snapshot)
    if not made.log:
        return None
    file = known(str(place.project / made.log), [place.state.path])
    if file and file.is_file():
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _MOST))
            content: bytes | None = opened.read()
    else:
        content = kept_log(made, place.root)
    return None if content is None else last_lines(content.decode("utf-8", "replace"), tail)


def last_lines(text: str, tail: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[max(0, len(lines) - tail) :])


def _worker(execution: Execution, snapshot: Snapshot) -> Execution:
    for each in _chain(execution, snapshot):
        execution = each
    return execution


def _chain(execution: Execution, snapshot: Snapshot) -> Iterator[Execution]:
    seen: set[int] = set()
    while isinstance(execution.status, Cached) and execution.id not in seen:
        seen.add(execution.id)
        earlier = snapshot.execution(execution.status.execution)
        if earlier is None:
            return
        yield earlier
        execution = earlier
