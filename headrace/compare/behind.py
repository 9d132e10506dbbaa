"""What stands behind two artifacts: the statistics and schemas of their data, the evaluations made of their models."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from headrace.compare.contents import Of, Pair
from headrace.compare.pairing import paired
from headrace.compare.types import CONTENTS, EVALUATION, MODEL, STATISTICS
from headrace.lineage.blame import Blame
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.metadata.records import StoredArtifact


@dataclass(frozen=True)
class _Told:
    """Something that tells of an artifact: which node made it as which output, from what."""

    node: str
    item: int | None
    output: str
    made_from: frozenset[int]
    artifact: StoredArtifact

    @property
    def content(self) -> str:
        return self.artifact.record.digest or str(self.artifact.id)


Asked: TypeAlias = tuple[StoredArtifact, Blame]


def pairs_behind(snapshot: Snapshot, before: Asked, after: Asked) -> list[Pair]:
    """Pair what stands behind two artifacts by node and output, else by type; the newest with the newest."""
    one, other = (_behind(snapshot, *side) for side in (before, after))
    return [_pair(a, b) for a, b in paired(one, other, _bytes, (_place, _type_of)) if a and b]


def _bytes(told: _Told) -> Hashable:
    return told.artifact.type, told.content


def _place(told: _Told) -> Hashable:
    return told.artifact.type, told.node, told.item, told.output


def _type_of(told: _Told) -> Hashable:
    return told.artifact.type


def _pair(before: _Told, after: _Told) -> Pair:
    return Pair(
        of=Of(node=after.node, output=after.output, before=before.artifact.id, after=after.artifact.id),
        types=frozenset({before.artifact.type, after.artifact.type}),
        is_same=before.content == after.content,
    )


def _behind(snapshot: Snapshot, start: StoredArtifact, found: Blame) -> list[_Told]:
    """List what tells of an artifact, newest first: of equal making only the newest."""
    upstream = _upstream(snapshot, found)
    numbers = [
        *(number for number in upstream if _type(snapshot, number) in CONTENTS),
        *_statistics(snapshot, upstream | {start.id}),
        *_evaluations(snapshot, start, upstream),
    ]
    newest: dict[object, _Told] = {}
    for told in _told(snapshot, sorted({*numbers} - {start.id}, reverse=True)):
        made_from = told.made_from if told.artifact.type == STATISTICS else None
        newest.setdefault((_place(told), made_from), told)
    return list(newest.values())


def _upstream(snapshot: Snapshot, found: Blame) -> set[int]:
    """Find the artifacts that determined one: what its makers read, but what is in no cache key."""
    apart = {(edge.execution, edge.artifact) for edge in found.unkeyed}
    edges = [edge for number in found.executions for edge in snapshot.edges(Vertex("execution", number), "input")]
    return {edge.artifact for edge in edges if (edge.execution, edge.artifact) not in apart}


def _statistics(snapshot: Snapshot, known: set[int]) -> Iterator[int]:
    """Find statistics that were made of nothing but what is known."""
    for edge in _readers(snapshot, known):
        if _read_by(snapshot, edge.execution) <= known:
            yield from _given(snapshot, edge.execution, STATISTICS)


def _evaluations(snapshot: Snapshot, start: StoredArtifact, upstream: set[int]) -> Iterator[int]:
    """Find the evaluations that judged a model, or the models behind something else; not as a baseline."""
    models = [] if start.type == MODEL else [number for number in upstream if _type(snapshot, number) == MODEL]
    for edge in _readers(snapshot, models or [start.id]):
        if "baseline" not in edge.name:
            yield from _given(snapshot, edge.execution, EVALUATION)


def _readers(snapshot: Snapshot, numbers: Iterable[int]) -> Iterator[Edge]:
    return (edge for number in sorted(numbers) for edge in snapshot.edges(Vertex("artifact", number), "input"))


def _read_by(snapshot: Snapshot, execution: int) -> set[int]:
    return {edge.artifact for edge in snapshot.edges(Vertex("execution", execution), "input")}


def _given(snapshot: Snapshot, execution: int, type_id: str) -> list[int]:
    edges = snapshot.edges(Vertex("execution", execution), "output")
    return [edge.artifact for edge in edges if _type(snapshot, edge.artifact) == type_id]


def _type(snapshot: Snapshot, number: int) -> str:
    found = snapshot.by_artifact.get(number)
    return found.type if found else ""


def _told(snapshot: Snapshot, numbers: Sequence[int]) -> Iterator[_Told]:
    for artifact in snapshot.artifacts_with(numbers):
        made = sorted(snapshot.edges(Vertex("artifact", artifact.id), "output"), key=lambda edge: edge.cached)
        if not made:
            yield _Told("", None, "", frozenset(), artifact)
            continue
        maker = snapshot.by_execution[made[0].execution]
        yield _Told(maker.node, maker.item, made[0].name, frozenset(_read_by(snapshot, maker.id)), artifact)
