"""A whole store as an immutable graph in memory: executions, artifacts, and the edges between them.

The graph is the outline that was loaded; what else is known of a vertex is read when it is asked for, and kept.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from json import loads
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from headrace.lineage.by_path import places_of
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.outline import ArtifactOutline, EventOutline, ExecutionOutline
from headrace.metadata.records import Cached, Execution, Run, StoredArtifact
from headrace.storage.root import Root

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


@dataclass(frozen=True, slots=True)
class Edge:
    """An execution read an artifact, or gave it; `name` and `index` say as which input or output.

    `resolver` found the artifact among older runs. A `cached` execution did not make what it gives: it only passed on
    what an earlier one had made.
    """

    execution: int
    artifact: int
    side: Side
    name: str
    index: int
    resolver: str = ""
    cached: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All of a store at one moment; runs are sorted newest first, the rest by id.

    `recorded` are the runs as the store has them; `last_change` is the time of the newest change, `last_event` the id
    of the newest event where that is known. What was read since it was loaded is kept in `known_…`. Of an execution
    that the store lost `by_execution` gives a tombstone; it is not in it, and a lost artifact is not in `by_artifact`.
    """

    recorded: Mapping[str, Run]
    by_run: Mapping[str, Run]
    by_execution: Mapping[int, ExecutionOutline]
    by_artifact: Mapping[int, ArtifactOutline]
    events: Mapping[int, Sequence[EventOutline]]
    catalogue: Catalogue
    last_change: float = 0.0
    last_event: int = 0
    known_executions: dict[int, Execution] = field(default_factory=dict, repr=False, compare=False)
    known_artifacts: dict[int, StoredArtifact] = field(default_factory=dict, repr=False, compare=False)

    # The graph

    def runs(self) -> Sequence[Run]:
        """Return the runs, newest first."""
        return list(self.by_run.values())

    def members(self, run: str) -> Sequence[ExecutionOutline]:
        """Return the outlines of the executions of a run, oldest first."""
        return self._run_members.get(run, ())

    def edges(self, vertex: Vertex, side: Side) -> Sequence[Edge]:
        """Return a vertex's edges of one side: what an execution read or gave; who read or gave an artifact."""
        if vertex.kind == "execution":
            return [edge for edge in self._edges_of(vertex.number) if edge.side == side]
        around = dict.fromkeys(self._around.get(vertex.number, ()))
        return [
            edge
            for execution in around
            for edge in self._edges_of(execution)
            if edge.side == side and edge.artifact == vertex.number
        ]

    def maker(self, execution: ExecutionOutline) -> ExecutionOutline:
        """Return the execution that did the work: for a cached one that which stands for it."""
        seen = {execution.id}
        while execution.is_cached and (number := self._stands_for(execution)) not in seen:
            earlier = self.by_execution.get(number)
            if earlier is None:
                break
            execution = earlier
            seen.add(execution.id)
        return execution

    def made_by(self, artifact: int) -> Edge | None:
        """Return the edge from the execution that made an artifact; None where none did, or it is not known."""
        made = self.edges(Vertex("artifact", artifact), "output")
        return next((edge for edge in made if not edge.cached), None)

    def order_of(self, vertex: Vertex) -> float:
        """Say where a vertex stands in time: executions by their ids, each artifact right after its maker."""
        if vertex.kind == "execution":
            return vertex.number
        return self._first_giver(vertex.number) + 0.5

    def run_of(self, vertex: Vertex) -> str:
        """Name the run of an execution, or of the one that made an artifact; empty where there is none."""
        if vertex.kind == "execution":
            return self.by_execution[vertex.number].run
        made = self.made_by(vertex.number)
        return self.by_execution[made.execution].run if made else ""

    def indexed(self) -> "Snapshot":
        """Sort the graph by artifacts and runs, which the first question would otherwise wait for."""
        _ = self._around, self._run_members
        return self

    # What else is known

    def know(self, vertices: Iterable[Vertex]) -> None:
        """Read all that is known of vertices at once, so that asking for one of them does not."""
        there = list(vertices)
        self.executions(vertex.number for vertex in there if vertex.kind == "execution")
        self.artifacts_with(vertex.number for vertex in there if vertex.kind == "artifact")

    def execution(self, number: int) -> Execution | None:
        """Return one execution by its id."""
        return next(iter(self.executions([number])), None)

    def executions(self, numbers: Iterable[int]) -> Sequence[Execution]:
        """Return executions by their ids, in that order, leaving out those that are not there."""
        wanted = [number for number in numbers if number in self.by_execution]
        if missing := [number for number in wanted if number not in self.known_executions]:
            found = self.catalogue.executions(missing)
            self.known_executions.update((execution.id, self._placed(execution)) for execution in found)
        return [self.known_executions[number] for number in wanted if number in self.known_executions]

    def in_run(self, run: str) -> Sequence[Execution]:
        """Return the executions of a run, oldest first."""
        return self.executions(member.id for member in self.members(run))

    def nodes(self, run: str) -> Collection[str]:
        """Return the names of the nodes of a run, in the order of their first executions."""
        return dict.fromkeys(member.node for member in self.members(run))

    def artifact(self, number: int) -> StoredArtifact | None:
        """Return one artifact by its id."""
        return next(iter(self.artifacts_with([number])), None)

    def artifacts_with(self, numbers: Iterable[int]) -> Sequence[StoredArtifact]:
        """Return artifacts by their ids, in that order, leaving out those that are not there."""
        wanted = [number for number in numbers if number in self.by_artifact]
        if missing := [number for number in wanted if number not in self.known_artifacts]:
            self.known_artifacts.update((artifact.id, artifact) for artifact in self.catalogue.artifacts_with(missing))
        return [self.known_artifacts[number] for number in wanted if number in self.known_artifacts]

    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]:
        """Return all artifacts, or those of a type, oldest first."""
        return self.artifacts_with(a.id for a in self.by_artifact.values() if type_id in ("", a.type))

    @property
    def root(self) -> Root:
        """Where artifacts are."""
        return self.catalogue.root

    def around(self, artifacts: Sequence[int]) -> Sequence[Execution]:
        """Return the executions that made or read any of the artifacts, oldest first."""
        return self.executions(sorted({number for a in artifacts for number in self._around.get(a, ())}))

    def lost(self, execution: int) -> Sequence[EventOutline]:
        """Return the events of an execution whose artifacts the store lost."""
        return [event for event in self.events.get(execution, ()) if event.artifact not in self.by_artifact]

    def places(self) -> Mapping[Path, StoredArtifact]:
        """Map places on this disk, or URIs, to the newest artifact at each."""
        return self._places

    def sources(self) -> Sequence[Execution]:
        """Return the executions that read no artifact and succeeded, those of the newest run first."""
        return self.executions(self._sources)

    def artifact_types(self) -> Sequence[str]:
        """Return the types that artifacts have."""
        return sorted({artifact.type for artifact in self.by_artifact.values()})

    def _placed(self, execution: Execution) -> Execution:
        """Say where an execution of another program stands, which its own properties do not tell."""
        if execution.run:
            return execution
        place = self.by_execution[execution.id]
        status = execution.status
        if isinstance(status, Cached):
            status = replace(status, execution=self._stands_for(place))
        return replace(execution, pipeline=place.pipeline, run=place.run, node=place.node, status=status)

    def _stands_for(self, execution: ExecutionOutline) -> int:
        """Return what stands for a cached execution; TFX and Kubeflow say it by what both gave."""
        if execution.stands_for_it:
            return execution.stands_for_it
        given = (event.artifact for event in self.events.get(execution.id, ()) if not event.reads)
        return next((giver for artifact in given if (giver := self._first_giver(artifact))), 0)

    def _first_giver(self, artifact: int) -> int:
        """Return the execution that made an artifact: the first that gave it without being cached; 0 for none."""
        if artifact not in self._known_givers:
            around = sorted({*self._around.get(artifact, ())})
            self._known_givers[artifact] = next((number for number in around if self._made(number, artifact)), 0)
        return self._known_givers[artifact]

    def _made(self, execution: int, artifact: int) -> bool:
        given = (event.artifact for event in self.events[execution] if not event.reads)
        return not self.by_execution[execution].is_cached and artifact in given

    @cached_property
    def _known_givers(self) -> dict[int, int]:
        return {}

    @cached_property
    def _run_members(self) -> Mapping[str, Sequence[ExecutionOutline]]:
        return grouped((execution.run, execution) for execution in self.by_execution.values())

    @cached_property
    def _places(self) -> Mapping[Path, StoredArtifact]:
        return places_of(self.artifacts())

    @cached_property
    def _sources(self) -> Sequence[int]:
        members = (member for run in self.by_run for member in reversed(self.members(run)))
        ended = (member.id for member in members if member.state in ("COMPLETE", "CACHED"))
        return [number for number in ended if not any(event.reads for event in self.events.get(number, ()))]

    @cached_property
    def _around(self) -> Mapping[int, Sequence[int]]:
        """Map artifacts to the executions that read or gave them."""
        return grouped((event.artifact, event.execution) for events in self.events.values() for event in events)

    def _edges_of(self, execution: int) -> Sequence[Edge]:
        known = self._known_edges.get(execution)
        if known is None:
            known = edges_of(self.by_execution[execution], self.events.get(execution, ()), self._first_giver)
            self._known_edges[execution] = known
        return known

    @cached_property
    def _known_edges(self) -> dict[int, Sequence[Edge]]:
        return {}


def edges_of(execution: ExecutionOutline, events: Iterable[EventOutline], maker: Callable[[int], int]) -> list[Edge]:
    """List what an execution read and gave: inputs first, by name and place."""
    resolvers: Mapping[str, str] = loads(execution.resolvers) if execution.resolvers else {}
    return [
        Edge(
            execution.id,
            event.artifact,
            "input" if event.reads else "output",
            event.name,
            event.place,
            resolvers.get(event.name, "") if event.reads else "",
            execution.is_cached or (not event.reads and maker(event.artifact) != execution.id),
        )
        for event in sorted(events, key=lambda e: (not e.reads, e.place))
    ]


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Gather the values of equal keys, in order."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
