"""A whole store by type: how many artifacts and executions of each there are, and what reads and gives what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.lineage.snapshot import Kind, Side, Snapshot


@dataclass(frozen=True, kw_only=True)
class TypeCount:
    """A type of artifacts or executions: how many there are, in which states, and where the first stands in time."""

    kind: Kind
    type: str
    count: int
    states: Mapping[str, int]
    first: float


@dataclass(frozen=True, kw_only=True)
class TypeLink:
    """Executions of a type read or give artifacts of a type, so many times."""

    execution: str
    artifact: str
    side: Side
    count: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A store by type, with its numbers of runs and pipelines."""

    runs: int
    pipelines: int
    types: Sequence[TypeCount]
    links: Sequence[TypeLink]


def summary(snapshot: Snapshot) -> Summary:
    """Count a store by type."""
    executions = Counter((e.type, e.state) for e in snapshot.by_execution.values())
    artifacts = Counter((a.type, a.shown_state) for a in snapshot.by_artifact.values())
    links: Counter[tuple[str, str, Side]] = Counter()
    first: dict[str, int] = {}
    for number, events in snapshot.events.items():
        execution = snapshot.by_execution.get(number)
        for event in events:
            artifact = snapshot.by_artifact.get(event.artifact)
            if execution and artifact:
                links[execution.type, artifact.type, "input" if event.reads else "output"] += 1
                if not event.reads and number < first.get(artifact.type, number + 1):
                    first[artifact.type] = number
    return Summary(
        runs=len(snapshot.by_run),
        pipelines=len({run.pipeline for run in snapshot.by_run.values()}),
        types=[
            *_types("artifact", artifacts, {name: number + 0.5 for name, number in first.items()}),
            *_types("execution", executions, {e.type: e.id for e in reversed([*snapshot.by_execution.values()])}),
        ],
        links=[TypeLink(execution=e, artifact=a, side=s, count=n) for (e, a, s), n in sorted(links.items())],
    )


def _types(kind: Kind, counted: Mapping[tuple[str, str], int], first: Mapping[str, float]) -> list[TypeCount]:
    by_type: dict[str, dict[str, int]] = {}
    for (name, state), count in sorted(counted.items()):
        by_type.setdefault(name, {})[state] = count
    return [
        TypeCount(kind=kind, type=n, count=sum(s.values()), states=s, first=first.get(n, 0.0))
        for n, s in by_type.items()
    ]
