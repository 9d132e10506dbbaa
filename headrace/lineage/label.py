"""One line of text for each thing in a graph."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from headrace.lineage.marks import Marks, mark_of, marks_in
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.metadata.records import Execution, StoredArtifact
from headrace.metadata.states import state_of

LOST = "not in this store"
DIGEST = 10
"""How many characters of a content digest are shown."""

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True)
class Labels:
    """Describes the vertices of a snapshot."""

    snapshot: Snapshot
    marks: Mapping[str, Marks]

    def short(self, vertex: Vertex) -> str:
        """Name a vertex: `Model artifact:412`, `Trainer execution:7`."""
        if vertex.kind == "artifact":
            artifact = self.snapshot.artifact(vertex.number)
            return f"{artifact.type if artifact else 'Artifact'} {vertex}"
        execution = self.snapshot.execution(vertex.number)
        return f"{(execution.node or execution.component) if execution else 'Execution'} {vertex}"

    def full(self, vertex: Vertex) -> str:
        """Name a vertex and say what is known of it."""
        if vertex.kind == "artifact":
            found = self.snapshot.artifact(vertex.number)
            parts = artifact_parts(found, mark_of(found, self.marks)) if found else [LOST]
        else:
            execution = self.snapshot.execution(vertex.number)
            parts = execution_parts(execution) if execution else [LOST]
        return "  ".join([self.short(vertex), *parts])


def labels_of(snapshot: Snapshot) -> Labels:
    """Prepare the labels of a snapshot."""
    return Labels(snapshot, marks_in(snapshot))


def artifact_parts(artifact: StoredArtifact, marks: Marks) -> list[str]:
    """Say an artifact's span, digest, size, age, marks and state, as far as they are known."""
    parts = [
        "" if artifact.span is None else f"span {artifact.span}",
        artifact.record.digest[:DIGEST],
        size_text(artifact.record.size) if artifact.record.digest else "",
        moment(artifact.created),
        *marks_texts(marks),
        "" if artifact.state == "LIVE" else artifact.state,
        f"TAINTED ({artifact.tainted})" if artifact.tainted else "",
    ]
    return [part for part in parts if part]


def execution_parts(execution: Execution) -> list[str]:
    """Say an execution's state, run and start."""
    run = f"run {execution.run}" if execution.run else ""
    return [part for part in (state_of(execution), run, moment(execution.started)) if part]


def marks_texts(marks: Marks) -> list[str]:
    """Say what was decided about a model."""
    judged = {True: ["blessed"], False: ["not blessed"], None: []}[marks.blessed]
    return [*judged, *(f"pushed to {where}" for where in marks.pushed)]


def counted(count: int, word: str) -> str:
    """Count things in words: 1 run, 6,201 runs."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def size_text(size: int) -> str:
    """Show bytes: 812 B, 1.2 MB."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004  decimal units
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} B"


def moment(seconds: float) -> str:
    """Show a time of the local clock; nothing for none."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""
