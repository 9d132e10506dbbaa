"""All that is known of one run, execution or artifact, as plain data; version 1 of what `-o json` prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from headrace.artifacts.preview import preview_of
from headrace.lineage.lists import Row, artifact_row, execution_row, run_row
from headrace.lineage.marks import mark_of, marks_in
from headrace.lineage.shelf import Records
from headrace.metadata.outline import EventOutline
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Cached, Execution, Run, StoredArtifact
from headrace.spec.messages import ArtifactRecord, Failed
from headrace.spec.records import Json

VERSION = 1


def run_facts(run: Run, executions: Sequence[Execution]) -> Row:
    """Describe a run: its values with their origins, spans, and the last attempt of every node."""
    values = [{"name": n, "value": v, "origin": run.origins.get(n, "")} for n, v in run.values.items()]
    return {
        "version": VERSION,
        "kind": "run",
        **run_row(run, executions),
        "ended": run.ended or None,
        "orchestrator": run.orchestrator,
        "host": run.host,
        "git_commit": run.git_commit,
        "git_dirty": run.git_dirty,
        "environment": run.environment,
        "values": values,
        "frozen": {node: dict(facts) for node, facts in run.frozen.items()},
        "selected": list(run.selected),
        "executions": [execution_row(execution) for execution in last_attempts(executions).values()],
    }


def execution_facts(execution: Execution, lost: Sequence[EventOutline] = ()) -> Row:
    """Describe an execution: what it read and made, its parameters, the parts of its key, its error.

    `lost` are its events whose artifacts the store has no more.
    """
    key = execution.key
    return {
        "version": VERSION,
        "kind": "execution",
        **execution_row(execution),
        "name": execution.name,
        "pipeline": execution.pipeline,
        "component": execution.component,
        "ended": execution.ended or None,
        "stands_for_it": execution.status.execution if isinstance(execution.status, Cached) else None,
        "error": error_facts(execution),
        "inputs": [*_slots(execution.inputs, execution.resolvers), *_lost(lost, reads=True)],
        "outputs": [*_slots(execution.outputs, {}), *_lost(lost, reads=False)],
        "parameters": dict(sorted(execution.parameters.items())),
        "key": key.digest if key else None,
        "key_parts": dict(key.parts) if key else {},
        "sources": dict(key.sources) if key else {},
        "log": execution.log,
    }


def error_facts(execution: Execution) -> Row | None:
    """Describe the error of a failed execution; `frame` is the user's own line."""
    match execution.status:
        case Failed() as failed:
            return {
                "type": failed.type,
                "message": failed.message,
                "frame": failed.frame,
                "traceback": failed.traceback,
                "log": failed.log,
            }
        case _:
            return None


def artifact_facts(artifact: StoredArtifact, catalogue: Records) -> Row:
    """Describe an artifact: its properties, who made it, reused it and read it, its preview, a model's marks."""
    around, root = catalogue.around([artifact.id]), catalogue.root
    gave = [e for e in around if _holds(e.outputs, artifact)]
    makers = [e for e in gave if not isinstance(e.status, Cached)][:1]
    mark = mark_of(artifact, marks_in(catalogue))
    return {
        "version": VERSION,
        "kind": "artifact",
        **artifact_row(artifact, makers[0] if makers else None),
        "name": artifact.name,
        "tainted": artifact.tainted or None,
        "layout": artifact.record.layout,
        "exists": bool(root.held([artifact.record.path])) or Path(artifact.record.path).exists(),
        "blessed": mark.blessed,
        "pushed": list(mark.pushed),
        "made_by": [execution_row(e) for e in makers],
        "reused_by": [execution_row(e) for e in gave if e not in makers],
        "read_by": [execution_row(e) for e in around if _holds(e.inputs, artifact)],
        "properties": dict(sorted(artifact.record.properties.items())),
        "preview": cast("Row | None", preview_of(artifact.record.path, root)),
    }


def _slots(held: Mapping[str, tuple[ArtifactRecord, ...]], resolvers: Mapping[str, str]) -> list[Json]:
    return [
        {
            "name": name,
            "index": index,
            "artifact": artifact.id,
            "type": artifact.type,
            "span": artifact.properties.get("span"),
            "size": artifact.known_size,
            "digest": artifact.digest,
            "resolver": resolvers.get(name),
            "path": artifact.path,
        }
        for name, found in held.items()
        for index, artifact in enumerate(found)
    ]


def _lost(events: Sequence[EventOutline], *, reads: bool) -> list[Json]:
    return [
        {"name": event.name, "index": event.place, "artifact": event.artifact, "lost": True}
        for event in events
        if event.reads == reads
    ]


def _holds(held: Mapping[str, tuple[ArtifactRecord, ...]], artifact: StoredArtifact) -> bool:
    return any(record.id == artifact.id for found in held.values() for record in found)
