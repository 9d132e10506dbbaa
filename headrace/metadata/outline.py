"""The outline of a store: what graphs need of every execution, artifact and event, and no more.

ML Metadata takes 1.4 s and 320 MB for the properties of 10,000 executions; their outline takes 0.2 s from a SQLite
file. Whatever else is asked of a few of them is read when it is asked for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from headrace.metadata.records import Run

RUN_TYPES = ("pipeline_run", "run", "system.PipelineRun", "KfpRun")
PIPELINE_TYPES = ("pipeline", "system.Pipeline")
NODE_TYPES = ("node", "component_run")
"""Types of contexts in which headrace, TFX and Kubeflow keep the executions of a run, a pipeline and a node."""

GROUPS: Mapping[str, str] = {
    **dict.fromkeys(RUN_TYPES, "run"),
    **dict.fromkeys(PIPELINE_TYPES, "pipeline"),
    **dict.fromkeys(NODE_TYPES, "node"),
}
NAMES = ("task_name", "display_name")
"""Properties by which Kubeflow names an execution, the best first; it has no context for it."""

_STATES = {0: "UNKNOWN", 1: "NEW", 2: "RUNNING", 3: "COMPLETE", 4: "FAILED", 5: "CACHED", 6: "CANCELED"}
_ENDED = {"skipped": "SKIPPED", "blocked": "BLOCKED"}
_ARTIFACT_STATES = {
    1: "PENDING",
    2: "LIVE",
    3: "MARKED_FOR_DELETION",
    4: "DELETED",
    5: "ABANDONED",
    6: "REFERENCE",
}
_NAME = re.compile(r".+/(?P<node>[^/]+?)(?:\[(?P<item>\d+)\])?/(?P<attempt>\d+)")


class ExecutionOutline(NamedTuple):
    """An execution: where it stands, its state in words, and the earlier one that stands for it, or 0."""

    id: int
    type: str
    pipeline: str
    run: str
    node: str
    item: int | None
    attempt: int
    state: str
    stands_for_it: int
    resolvers: str
    created: float
    updated: float

    @property
    def is_cached(self) -> bool:
        return self.state == "CACHED"


class Executions(dict[int, ExecutionOutline]):
    """Executions by their ids; an event may name one that the store lost: asked for, that is a tombstone."""

    def __missing__(self, number: int) -> ExecutionOutline:
        return ExecutionOutline(number, "", "", "", f"execution:{number}", None, 1, _STATES[0], 0, "", 0.0, 0.0)


class ArtifactOutline(NamedTuple):
    """An artifact: its type, where it is for other readers, its state, why nothing may reuse it where that is so."""

    id: int
    type: str
    uri: str
    state: str
    tainted: str
    created: float
    updated: float

    @property
    def shown_state(self) -> str:
        """Its state as it is shown: TAINTED goes before all others."""
        return "TAINTED" if self.tainted else self.state


class EventOutline(NamedTuple):
    """An execution read or gave an artifact, under a name, at a place among those of that name."""

    execution: int
    artifact: int
    reads: bool
    name: str
    place: int


@dataclass(frozen=True)
class Outline:
    """All of a store, or what changed in it since a moment; `events` are all those of these executions.

    `last_event` is the id of the newest event, where the store tells it.
    """

    runs: Sequence[Run]
    executions: Sequence[ExecutionOutline]
    artifacts: Sequence[ArtifactOutline]
    events: Sequence[EventOutline]
    last_event: int = 0


def execution_state(state: int | None, ended: str) -> str:
    """Name a state in words; MLMD has one for what was skipped, blocked and canceled."""
    word = _STATES.get(state or 0, "UNKNOWN")
    return _ENDED.get(ended, word) if word == "CANCELED" else word


def artifact_state(state: int | None) -> str:
    """Name the state of an artifact."""
    return _ARTIFACT_STATES.get(state or 0, "UNKNOWN")


class Place(NamedTuple):
    """Where an execution stands."""

    pipeline: str
    run: str
    node: str
    item: int | None
    attempt: int


def place_of(name: str, title: str, groups: Mapping[str, str]) -> Place:
    """Find where an execution stands, by the contexts it is in (`GROUPS`) and by its own name.

    `title` is what it is called where neither tells its node: by a property (`NAMES`), else by its type.
    """
    pipeline, run, node = (groups.get(group, "") for group in ("pipeline", "run", "node"))
    for lead in (run, pipeline):  # TFX names them `<pipeline>.<node>`, once `<pipeline>.<run>.<node>`
        node = node.removeprefix(f"{lead}.") if lead else node
    named = _NAME.fullmatch(name) if run and name.startswith(f"{run}/") else None
    if named is None:
        return Place(pipeline, run, node or title, None, 1)
    return Place(
        pipeline, run, node or named["node"], int(named["item"]) if named["item"] else None, int(named["attempt"])
    )
