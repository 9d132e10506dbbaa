"""What this machine keeps of a run beside the store: its spec, its logs."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from headrace.errors import SpecError
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Cached, Execution
from headrace.orchestrators.kept_logs import kept_log
from headrace.orchestrators.workspace import Place
from headrace.spec.codec import read
from headrace.spec.order import ordered
from headrace.spec.records import NodeSpec, PipelineSpec
from headrace.ui.jail import known

_MOST = 1 << 20
"""Bytes of the end of a log that are looked at."""


@dataclass(frozen=True)
class Plan:
    """The pipeline that a run was told to run, its nodes in order."""

    spec: PipelineSpec
    nodes: tuple[NodeSpec, ...]


def plan_in(folder: Path | None) -> Plan | None:
    """Read the spec of a run; None where there is none, or one that another headrace wrote."""
    with suppress(OSError, SpecError, ValueError):
        if folder:
            spec = read(PipelineSpec, (folder / "spec.json").read_text(encoding="utf-8"))
            return Plan(spec, tuple(ordered(spec)))
    return None


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
