"""Rows for lists of what a store holds, newest first; each is plain data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from headrace.lineage.marks import Marks, mark_of, marks_in
from headrace.lineage.shelf import Records
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Cached, Execution, Run, StoredArtifact
from headrace.metadata.states import reason_of, state_of
from headrace.spec.records import Json

Row = dict[str, Json]
T = TypeVar("T")

MODEL = "Model"


@dataclass(frozen=True)
class Listed(Generic[T]):
    """The newest of what there is, and how many there are; None where there are more and nobody counted."""

    shown: Sequence[T]
    total: int | None


def run_rows(catalogue: Records, limit: int | None) -> Listed[Row]:
    """List runs with how their nodes ended."""
    runs = catalogue.runs()
    return Listed([run_row(run, catalogue.in_run(run.id)) for run in runs[:limit]], len(runs))


def run_row(run: Run, executions: Sequence[Execution]) -> Row:
    """Describe a run by its last attempts."""
    states = [state_of(execution) for execution in last_attempts(executions).values()]
    return {
        "id": run.id,
        "pipeline": run.pipeline,
        "state": run.state,
        "started": run.started,
        "seconds": run.ended - run.started if run.ended else None,
        "complete": states.count("COMPLETE"),
        "cached": states.count("CACHED"),
        "failed": states.count("FAILED"),
        "nodes": len(states),
    }


def execution_rows(catalogue: Records, limit: int | None) -> Listed[Row]:
    """List the executions of the newest runs, reading no more runs than are needed."""
    rows: list[Row] = []
    for run in catalogue.runs():
        if limit is not None and len(rows) > limit:
            break
        rows += [execution_row(execution) for execution in reversed(catalogue.in_run(run.id))]
    complete = limit is None or len(rows) <= limit
    return Listed(rows[:limit], len(rows) if complete else None)


def execution_row(execution: Execution) -> Row:
    """Describe an execution."""
    usage = execution.usage
    worked = not isinstance(execution.status, Cached)
    whole = execution.ended - execution.started if execution.ended else 0.0
    return {
        "id": execution.id,
        "node": execution.node,
        "run": execution.run,
        "attempt": execution.attempt,
        "state": state_of(execution),
        "started": execution.started,
        "seconds": (usage.wall_seconds or whole or None) if worked else None,
        "cpu_seconds": usage.cpu_seconds if worked and usage.wall_seconds else None,
        "peak_memory": usage.peak_memory or None,
        "reason": reason_of(execution),
    }


def artifact_rows(catalogue: Records, limit: int | None, type_id: str = "") -> Listed[Row]:
    """List artifacts with the execution that made each, and what was decided about the models among them."""
    found = catalogue.artifacts(type_id)[::-1]
    makers = makers_of(catalogue, found[:limit])
    marks = marks_in(catalogue)
    rows = [_marked(artifact_row(artifact, makers.get(artifact.id)), artifact, marks) for artifact in found[:limit]]
    return Listed(rows, len(found))


def artifact_row(artifact: StoredArtifact, maker: Execution | None) -> Row:
    """Describe an artifact; what no pipeline made has no node and no run."""
    return {
        "id": artifact.id,
        "type": artifact.type,
        "span": artifact.span,
        "size": artifact.record.known_size,
        "node": maker.node if maker else None,
        "run": maker.run if maker else None,
        "created": artifact.created,
        "state": artifact.shown_state,
        "digest": artifact.record.digest,
        "path": artifact.record.path,
    }


def model_rows(catalogue: Records, limit: int | None) -> Listed[Row]:
    """List models with what was decided about them."""
    return artifact_rows(catalogue, limit, MODEL)


def _marked(row: Row, artifact: StoredArtifact, marks: Mapping[str, Marks]) -> Row:
    if artifact.type != MODEL:
        return row
    mark = mark_of(artifact, marks)
    return {**row, "blessed": mark.blessed, "pushed": list(mark.pushed)}


def pipeline_rows(catalogue: Records, declared: Sequence[str]) -> Listed[Row]:
    """List the pipelines that have run, by their newest run, then those that are only declared."""
    runs = catalogue.runs()
    newest = {run.pipeline: run for run in reversed(runs)}
    counts = {name: sum(run.pipeline == name for run in runs) for name in newest}
    ran = sorted(newest.values(), key=lambda run: run.id, reverse=True)
    rows: list[Row] = [
        {"name": r.pipeline, "runs": counts[r.pipeline], "last": r.id, "state": r.state, "started": r.started}
        for r in ran
    ]
    rows += [{"name": n, "runs": 0, "last": None, "state": None, "started": None} for n in declared if n not in newest]
    return Listed(rows, len(rows))


def makers_of(catalogue: Records, artifacts: Sequence[StoredArtifact]) -> Mapping[int, Execution]:
    """Map artifacts to the executions that made them: the first to give each, unless it only reused it."""
    around = catalogue.around([artifact.id for artifact in artifacts])
    return {number: execution for execution in reversed(around) for number in _given_by(execution)}


def _given_by(execution: Execution) -> Iterator[int]:
    if not isinstance(execution.status, Cached):
        yield from (artifact.id for artifact in execution.given)
