"""One artifact: its properties, preview, files and curves, who made and read it, and what determined it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from headrace.lineage.blame import blame
from headrace.lineage.label import Labels
from headrace.lineage.lists import Row
from headrace.lineage.marks import mark_of
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.metadata.records import StoredArtifact
from headrace.metadata.states import reason_of, state_of
from headrace.spec.records import Json
from headrace.ui.previews import Previews
from headrace.ui.views.artifacts import artifact_row
from headrace.ui.views.blame import blame_row
from headrace.ui.views.slots import inputs_of

SIBLINGS = 50


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What is known of an artifact from its files.

    `is_outside` where they are below no known root: then nobody looked whether they exist, and `root` is the folder
    to start with, where they are on this machine.
    """

    exists: bool | None
    is_outside: bool
    root: Path | None
    preview: Mapping[str, object] | None
    files: Sequence[Row]
    files_total: int
    curves: Mapping[str, Sequence[Sequence[float]]] | None


def artifact_view(artifact: StoredArtifact, payload: Payload, labels: Labels, previews: Previews) -> Row:
    """Describe an artifact."""
    snapshot = labels.snapshot
    mark = mark_of(artifact, labels.marks)
    preview: Json = payload.preview  # type: ignore[assignment]  # plain data, as json.loads gave it
    curves: Json = payload.curves
    return {
        "artifact": {
            **artifact_row(artifact, labels, previews),
            "name": artifact.name,
            "path": artifact.record.path,
            "exists": payload.exists,
            "outside": payload.is_outside,
            "root": str(payload.root) if payload.root else None,
            "layout": artifact.record.layout,
            "properties": dict(artifact.record.properties),
            "tainted": artifact.tainted or None,
            "taints": _taints(artifact),
            "blessed": mark.blessed,
            "pushed": list(mark.pushed),
        },
        "preview": preview,
        "preview_type": str(payload.preview.get("type", artifact.type)) if payload.preview else None,
        "maker": _maker(artifact.id, snapshot),
        "readers": readers(artifact.id, snapshot),
        "reused_by": _reused_by(artifact.id, snapshot),
        "siblings": _siblings(artifact, snapshot),
        "files": list(payload.files),
        "files_total": payload.files_total,
        "curves": curves,
        "blame": blame_row(blame(snapshot, [Vertex("artifact", artifact.id)])),
    }


def _taints(artifact: StoredArtifact) -> list[Row]:
    """List why nothing may reuse an artifact, with what was marked; a bare reason counts as its own."""
    itself = f"artifact:{artifact.id}"
    marked = artifact.taints.reasons.items()
    return [{"source": source or itself, "reason": ", ".join(reasons)} for source, reasons in marked]


def _maker(artifact: int, snapshot: Snapshot) -> Row | None:
    made = snapshot.made_by(artifact)
    execution = snapshot.execution(made.execution) if made else None
    if execution is None:
        return None
    return {
        "execution": execution.id,
        "node": execution.node,
        "run": execution.run or None,
        "component": execution.component,
        "state": state_of(execution),
        "reason": reason_of(execution),
        "started": execution.started or None,
        "ended": execution.ended or None,
        "wall": execution.usage.wall_seconds or None,
        "parameters": dict(execution.parameters),
        "inputs": inputs_of(execution),
    }


def readers(artifact: int, snapshot: Snapshot) -> list[Row]:
    """List who read an artifact, newest first."""
    edges = snapshot.edges(Vertex("artifact", artifact), "input")[::-1]
    outlines = [(edge, snapshot.by_execution[edge.execution]) for edge in edges]
    return [
        {"execution": o.id, "run": o.run or None, "node": o.node, "state": o.state, "name": edge.name}
        for edge, o in outlines
    ]


def _reused_by(artifact: int, snapshot: Snapshot) -> list[Row]:
    edges = [edge for edge in snapshot.edges(Vertex("artifact", artifact), "output")[::-1] if edge.cached]
    outlines = [snapshot.by_execution[edge.execution] for edge in edges]
    return [{"execution": each.id, "run": each.run or None, "node": each.node} for each in outlines]


def _siblings(artifact: StoredArtifact, snapshot: Snapshot) -> list[Row]:
    """List what the same output of the same node made, newest first."""
    mine = snapshot.made_by(artifact.id)
    if mine is None:
        return []
    maker = snapshot.by_execution[mine.execution]
    found: list[int] = []
    for outline in reversed(list(snapshot.by_artifact.values())):
        if outline.type != artifact.type or outline.id == artifact.id:
            continue
        made = snapshot.made_by(outline.id)
        other = snapshot.by_execution[made.execution] if made else None
        is_same = made and other and (other.pipeline, other.node, made.name) == (maker.pipeline, maker.node, mine.name)
        if is_same:
            found.append(outline.id)
            if len(found) == SIBLINGS:
                break
    return [
        {"id": a.id, "span": a.span, "created": a.created, "state": a.state} for a in snapshot.artifacts_with(found)
    ]
