"""Events of ML Metadata, as the names and places under which an execution reads and makes artifacts, and back."""

import time
from collections.abc import Iterable, Mapping

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.spec.messages import ArtifactRecord

Held = Mapping[str, tuple[ArtifactRecord, ...]]
_Slots = dict[str, dict[int, ArtifactRecord]]
READING: frozenset[int] = frozenset({pb.Event.INPUT, pb.Event.DECLARED_INPUT, pb.Event.INTERNAL_INPUT})
"""Types of the events by which an execution reads; it gives by all others."""


def edge(kind: int, name: str, index: int) -> pb.Event:
    """Write an event whose path is a name and a place."""
    steps = [pb.Event.Path.Step(key=name), pb.Event.Path.Step(index=index)]
    moment = int(time.time() * 1000)
    return pb.Event(type=kind, milliseconds_since_epoch=moment, path=pb.Event.Path(steps=steps))


def edges(kind: int, held: Held) -> list[pb.Event]:
    """Write one event an artifact, with several names in its path where it is held under several."""
    events: dict[int, pb.Event] = {}
    for name, found in held.items():
        for index, artifact in enumerate(found):
            event = events.setdefault(artifact.id, pb.Event(type=kind, artifact_id=artifact.id))
            event.path.steps.extend(edge(kind, name, index).path.steps)
    return list(events.values())


def held_by(events: Iterable[pb.Event], known: Mapping[int, ArtifactRecord]) -> dict[int, tuple[Held, Held]]:
    """Sort events by execution into what it reads and what it makes; artifacts that the store lost are left out."""
    slots: dict[tuple[int, bool], _Slots] = {}
    for event in events:
        if event.artifact_id in known:
            side = slots.setdefault((event.execution_id, event.type in READING), {})
            for name, index in path_of(event):
                side.setdefault(name, {})[index] = known[event.artifact_id]
    executions = {number for number, _ in slots}
    return {n: (_in_order(slots.get((n, True), {})), _in_order(slots.get((n, False), {}))) for n in executions}


def path_of(event: pb.Event) -> list[tuple[str, int]]:
    """Read the (key, index) pairs of an event; other programs may leave out the index, or the path."""
    pairs: list[tuple[str, int]] = []
    for step in event.path.steps:
        if step.HasField("key"):
            pairs.append((step.key, 0))
        elif pairs:
            pairs[-1] = (pairs[-1][0], step.index)
    return pairs or [("artifact", event.artifact_id)]


def _in_order(slots: _Slots) -> dict[str, tuple[ArtifactRecord, ...]]:
    return {name: tuple(found[index] for index in sorted(found)) for name, found in slots.items()}
