"""A whole store as an immutable graph in memory: executions, artifacts, and the edges between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Cached, Execution, Run, StoredArtifact

Kind = Literal["artifact", "execution"]
Side = Literal["input", "output"]
K = TypeVar("K")
V = TypeVar("V")


class Vertex(NamedTuple):
    """A point of the graph; its text is a reference."""

    kind: Kind
    number: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """An execution read an artifact, or gave it; `name` and `index` say as which input or output.

    `resolver` found the artifact among older runs. A `cached` execution did not make what it gives.
    """

    execution: int
    artifact: int
    side: Side
    name: str
    index: int
    resolver: str = ""
    cached: bool = False


@dataclass(frozen=True)
class Snapshot:
    """All of a store at one moment; runs are sorted newest first, the rest by id."""

    by_run: Mapping[str, Run]
    by_execution: Mapping[int, Execution]
    by_artifact: Mapping[int, StoredArtifact]

    def runs(self) -> Sequence[Run]:
        """Return the runs, newest first."""
        return list(self.by_run.values())

    def in_run(self, run: str) -> Sequence[Execution]:
        """Return the executions of a run, oldest first."""
        return self._run_members.get(run, ())

    def execution(self, number: int) -> Execution | None:
        """Return one execution by its id."""
        return self.by_execution.get(number)

    def artifact(self, number: int) -> StoredArtifact | None:
        """Return one artifact by its id."""
        return self.by_artifact.get(number)

    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]:
        """Return all artifacts, or those of a type, oldest first."""
        return [artifact for artifact in self.by_artifact.values() if type_id in ("", artifact.type)]

    def edges(self, vertex: Vertex, side: Side) -> Sequence[Edge]:
        """Return a vertex's edges of one side: what an execution read or gave; who read or gave an artifact."""
        return self._edges.get((vertex, side), ())

    def maker(self, execution: Execution) -> Execution:
        """Return the execution that did the work: for a cached one that which stands for it."""
        seen = {execution.id}
        while isinstance(execution.status, Cached) and execution.status.execution not in seen:
            earlier = self.by_execution.get(execution.status.execution)
            if earlier is None:
                break
            execution = earlier
            seen.add(execution.id)
        return execution

    @cached_property
    def _run_members(self) -> Mapping[str, Sequence[Execution]]:
        return _grouped((execution.run, execution) for execution in self.by_execution.values())

    @cached_property
    def _edges(self) -> Mapping[tuple[Vertex, Side], Sequence[Edge]]:
        edges = [edge for execution in self.by_execution.values() for edge in edges_of(execution)]
        by_execution = [((Vertex("execution", edge.execution), edge.side), edge) for edge in edges]
        by_artifact = [((Vertex("artifact", edge.artifact), edge.side), edge) for edge in edges]
        return _grouped([*by_execution, *by_artifact])


def load(catalogue: Catalogue) -> Snapshot:
    """Load a store in bulk."""
    everything = catalogue.everything()
    return Snapshot(
        {run.id: run for run in everything.runs},
        {execution.id: execution for execution in everything.executions},
        {artifact.id: artifact for artifact in everything.artifacts},
    )


def edges_of(execution: Execution) -> list[Edge]:
    """List what an execution read and gave."""
    cached = isinstance(execution.status, Cached)
    inputs = [
        Edge(
            execution=execution.id,
            artifact=artifact.id,
            side="input",
            name=name,
            index=index,
            resolver=execution.resolvers.get(name, ""),
            cached=cached,
        )
        for name, found in execution.inputs.items()
        for index, artifact in enumerate(found)
    ]
    outputs = [
        Edge(execution=execution.id, artifact=artifact.id, side="output", name=name, index=index, cached=cached)
        for name, found in execution.outputs.items()
        for index, artifact in enumerate(found)
    ]
    return [*inputs, *outputs]


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
