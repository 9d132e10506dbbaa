"""Impact: all that was made from something, up to the models that were pushed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headrace.lineage.label import labels_of
from headrace.lineage.marks import PUSHED, Marks, mark_of, pushed_to, was_pushed
from headrace.lineage.query import Walk, descendants
from headrace.lineage.snapshot import Snapshot, Vertex

MODEL = "Model"


@dataclass(frozen=True, kw_only=True)
class TouchedModel:
    """A model that was made from something, and what was decided about it."""

    artifact: int
    run: str
    marks: Marks


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What was made from something: artifacts by type, the runs that used it, models with their marks.

    `pushed` is where one of the models was pushed, or a push among the artifacts put its model.
    """

    walk: Walk
    artifacts: Mapping[str, Sequence[int]]
    runs: Sequence[str]
    models: Sequence[TouchedModel]
    pushed: Sequence[str]


def impact(snapshot: Snapshot, start: Iterable[Vertex]) -> Impact:
    """Find all that was made from artifacts or executions, with the cached executions that used it."""
    walk = descendants(snapshot, start, cached=True)
    by_type: dict[str, list[int]] = {}
    runs: dict[str, None] = {}
    for vertex in walk.distances:
        if vertex.kind == "execution":
            runs[snapshot.by_execution[vertex.number].run] = None
        elif vertex not in walk.start and (artifact := snapshot.by_artifact.get(vertex.number)):
            by_type.setdefault(artifact.type, []).append(artifact.id)
    models = _models(snapshot, [*by_type.get(MODEL, ()), *_started_at(walk, snapshot, MODEL)])
    pushes = snapshot.artifacts_with([*by_type.get(PUSHED, ()), *_started_at(walk, snapshot, PUSHED)])
    versions = [pushed_to(push) for push in pushes if was_pushed(push)]
    return Impact(
        walk=walk,
        artifacts={kind: sorted(numbers) for kind, numbers in sorted(by_type.items())},
        runs=sorted(name for name in runs if name),
        models=models,
        pushed=list(dict.fromkeys([*(where for model in models for where in model.marks.pushed), *versions])),
    )


def _started_at(walk: Walk, snapshot: Snapshot, kind: str) -> list[int]:
    found = [snapshot.by_artifact.get(v.number) for v in walk.start if v.kind == "artifact"]
    return [artifact.id for artifact in found if artifact and artifact.type == kind]


def _models(snapshot: Snapshot, numbers: Iterable[int]) -> list[TouchedModel]:
    marks = labels_of(snapshot).marks
    return [
        TouchedModel(artifact=a.id, run=snapshot.run_of(Vertex("artifact", a.id)), marks=mark_of(a, marks))
        for a in snapshot.artifacts_with(sorted(set(numbers)))
    ]
