"""The metadata store: the only module that calls ml_metadata.

Few named acts write; of a node's way only `begin` and `commit` do.

Reads go through contexts (run, node, cache key), which MLMD indexes; never `filter_query` (gone in 1.21) and never
`get_lineage_subgraph`, which truncates without a word.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from ml_metadata.errors import AbortedError, AlreadyExistsError, NotFoundError
from ml_metadata.metadata_store.metadata_store import ListOptions, OrderByField
from ml_metadata.proto import metadata_store_pb2 as pb
from ml_metadata.proto import metadata_store_service_pb2 as service

from headrace.errors import ConflictError, UnknownReference
from headrace.metadata.bar import bar, tainted
from headrace.metadata.edges import edge, edges, held_by
from headrace.metadata.lock import held
from headrace.metadata.open_store import Connection
from headrace.metadata.outline_of_file import present
from headrace.metadata.protos import (
    ARTIFACT_PROPERTIES,
    EXECUTION_PROPERTIES,
    RUN_PROPERTIES,
    artifact_of,
    artifact_proto,
    execution_of,
    execution_proto,
    run_of,
    run_proto,
)
from headrace.metadata.reader import WithKey
from headrace.metadata.records import Cached, Execution, Made, Run
from headrace.metadata.repeated import begun_before, was_committed
from headrace.metadata.road import road_of
from headrace.metadata.taints import Taints, taints_in
from headrace.metadata.values import Scalar
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import OutputSpec
from headrace.storage.digest import digest_of
from headrace.storage.root import Root

PIPELINE, RUN, NODE, CACHE = "pipeline", "pipeline_run", "node", "execution_cache"


@dataclass
class Store:
    """One process's view of a store; its methods may be called by several threads.

    `root` is where artifacts are, `around` what every execution of this process shares (host, commit, environment).
    """

    connection: Connection
    root: Root
    root_id: str
    around: Mapping[str, Scalar] = field(default_factory=dict)
    _types: dict[tuple[str, str], int] = field(default_factory=dict, init=False, repr=False)
    _contexts: dict[tuple[str, str], int] = field(default_factory=dict, init=False, repr=False)
    _own_runs: dict[str, dict[str, Execution]] = field(default_factory=dict, init=False, repr=False)
    _older: dict[str, Mapping[str, Sequence[pb.Artifact]]] = field(default_factory=dict, init=False, repr=False)
    _guard: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)

    # What writes

    def open_run(self, run: Run) -> None:
        """Record a run that begins, or goes on; from here on this process reads its executions from memory."""
        with self._writing():
            self._put_run(run)
            known = {e.name: e for e in self.read(self._in_context(RUN, run.id))}
            self._own_runs[run.id] = known
            self._older.clear()

    def record_run(self, run: Run) -> None:
        """Record a run that several processes share: each reads its executions from the store."""
        with self._writing():
            self._put_run(run)

    @contextmanager
    def remembering(self, run: str) -> Iterator[None]:
        """Read the executions of a run that others share once while the block runs: what it needs of it has ended."""
        with self._guard:
            self._own_runs[run] = {e.name: e for e in self.read(self._in_context(RUN, run))}
        try:
            yield
        finally:
            with self._guard:
                self._own_runs.pop(run, None)
                self._older.clear()

    def run_begun_outside(self, kind: str, name: str) -> float:
        """Return when a run of another scheduler was first recorded here, in seconds; the first to ask records it.

        The record's name is unique and its time is the store's, so processes whose clocks differ agree.
        """
        with self._writing():
            number = self._context(kind, name)
            (found,) = self.connection.mlmd.get_contexts_by_id([number])
            return int(found.create_time_since_epoch) / 1000

    def close_run(self, run: Run) -> None:
        """Record how a run ended."""
        with self._writing():
            self._put_run(run)
            self._own_runs.pop(run.id, None)
            self._older.clear()

    def begin(self, execution: Execution) -> Execution:
        """Record an execution with its inputs, and with its outputs where an earlier one's stand for them."""
        with self._writing():
            written = execution_proto(execution, self._execution_type(execution), self.around)
            inputs = {
                name: tuple(a if a.id else self._import(a) for a in found) for name, found in execution.inputs.items()
            }
            begun = replace(execution, inputs=inputs)
            events = [*edges(pb.Event.INPUT, inputs), *edges(pb.Event.OUTPUT, execution.outputs)]
            try:
                number, _, _ = self._put(written, [(None, event) for event in events], begun)
            except AlreadyExistsError:
                kind, name = execution.component, execution.name
                number = begun_before(written, self.connection.mlmd.get_execution_by_type_and_name(kind, name))
            return self._remember(replace(begun, id=number))

    def commit(self, execution: Execution, outputs: Mapping[str, OutputSpec]) -> Execution:
        """Record an execution's end and what it made, in one transaction: COMPLETE is the commit point."""
        with self._writing():
            written = execution_proto(execution, self._execution_type(execution), self.around)
            if self._is_shared and (known := self._committed(written)):
                return self._remember(replace(execution, outputs=known.outputs))
            made = [(name, i, a) for name, found in execution.outputs.items() for i, a in enumerate(found)]
            pairs = [
                (self._new(execution, name, i, a, outputs[name]), edge(pb.Event.OUTPUT, name, i)) for name, i, a in made
            ]
            try:
                _, ids, _ = self._put(written, pairs, execution)
            except AlreadyExistsError:
                if known := self._committed(written):
                    return self._remember(replace(execution, outputs=known.outputs))
                raise
            numbered: dict[str, list[ArtifactRecord]] = {name: [] for name in execution.outputs}
            for (name, _, a), number in zip(made, ids, strict=True):
                numbered[name].append(replace(a, id=number))
            return self._remember(replace(execution, outputs={name: tuple(found) for name, found in numbered.items()}))

    def mark_deleted(self, artifacts: Sequence[ArtifactRecord]) -> None:
        """Record that artifacts are gone; what is in another root can be there for others."""
        with self._writing():
            here = [a.id for a in artifacts if a.id and self.root.relative(a.path)]
            found = self.connection.mlmd.get_artifacts_by_id(here)
            for artifact in found:
                artifact.state = pb.Artifact.DELETED
            self.connection.mlmd.put_artifacts(found)
            self._older.clear()

    def change_taints(
        self, artifacts: Sequence[int], change: Callable[[Taints], Taints]
    ) -> tuple[list[int], list[int]]:
        """Change why nothing may reuse artifacts; return those of which that differs, and those that are tainted."""
        with self._writing():
            found = self.artifacts_with(artifacts)
            before = {a.id: taints_in(tainted(a)) for a in found}
            after = {number: change(taints) for number, taints in before.items()}
            differing = [a for a in found if after[a.id] != before[a.id]]
            for artifact in differing:
                artifact.properties["tainted"].string_value = after[artifact.id].text
            if differing:
                self.connection.mlmd.put_artifacts(differing)
            self._older.clear()
        return [int(a.id) for a in differing], [int(number) for number, taints in after.items() if taints.reasons]

    # What reads

    def in_run(self, run: str) -> Sequence[Execution]:
        with self._guard:
            if run in self._own_runs:
                return list(self._own_runs[run].values())
            return self.read(self._in_context(RUN, run))

    def with_key(self, digest: str) -> WithKey:
        with self._guard:
            found = self.read(self._in_context(CACHE, digest))[::-1]
            made = list(dict.fromkeys(a.id for e in found for a in e.given))
            bars = {a.id: why for a in self.artifacts_with(made) if (why := bar(a))}
            reusable = [e for e in found if not any(a.id in bars for a in e.given)]
            return WithKey(reusable, [bars[number] for number in made if number in bars])

    def of_node(self, pipeline: str, node: str, limit: int) -> Sequence[Execution]:
        with self._guard:
            return self.read(self._in_context(NODE, f"{pipeline}.{node}", limit))[::-1]

    def made(self, pipeline: str, type_id: str) -> Sequence[Made]:
        with self._guard:
            live = self._live(pipeline).get(type_id, [])
            makers = self._makers([a.id for a in live])
            return [Made(artifact_of(a, self.root, self.root_id), *makers[a.id]) for a in live if a.id in makers]

    def runs(self, limit: int | None = None) -> list[Run]:
        """Return the runs, newest first."""
        with self._guard:
            try:
                found = self.connection.mlmd.get_contexts_by_type(RUN)
            except NotFoundError:
                return []
            newest = sorted(found, key=lambda context: (context.name, context.id), reverse=True)
            return [run_of(context) for context in newest[:limit]]

    def last_recorded_runs(self, limit: int) -> list[Run]:
        """Return the runs that were recorded last, and read no others: the service can, the client reads all."""
        request, response = service.GetContextsByTypeRequest(type_name=RUN), service.GetContextsByTypeResponse()
        request.options.max_result_size = limit
        request.options.order_by_field.field = OrderByField.ID.value
        request.options.order_by_field.is_asc = False
        with self._guard:
            road_of(self.connection.mlmd)("GetContextsByType", request, response)
        return [run_of(context) for context in response.contexts]

    def run(self, run: str) -> Run:
        """Return one run; raises UnknownReference."""
        with self._guard:
            found = self.connection.mlmd.get_context_by_type_and_name(RUN, run)
        if found is None:
            raise UnknownReference(
                found=f"no run {run!r}", expected="a run of this store", do="List them: headrace ls runs"
            )
        return run_of(found)

    def execution(self, number: int) -> Execution | None:
        """Return one execution by its id."""
        with self._guard:
            found = self.read(self.executions_with([number]))
        return found[0] if found else None

    def read(self, found: Sequence[pb.Execution]) -> list[Execution]:
        """Read executions with what they read and made, oldest first; few calls, however many there are."""
        mlmd = self.connection.mlmd
        events = mlmd.get_events_by_execution_ids([e.id for e in found]) if found else []
        needed = sorted({event.artifact_id for event in events})
        artifacts = self.artifacts_with(needed)
        records = {a.id: artifact_of(a, self.root, self.root_id) for a in artifacts}
        sides = held_by(events, records)
        return [execution_of(e, *sides.get(e.id, ({}, {}))) for e in sorted(found, key=lambda e: int(e.id))]

    def executions_with(self, numbers: Sequence[int]) -> Sequence[pb.Execution]:
        """Return executions by their ids, in no order, leaving out those that the store lost."""
        there = present(self.connection, "Execution", numbers)
        return list(self.connection.mlmd.get_executions_by_id(there)) if there else []

    def artifacts_with(self, numbers: Sequence[int]) -> Sequence[pb.Artifact]:
        """Return artifacts by their ids, in no order, leaving out those that the store lost."""
        there = present(self.connection, "Artifact", numbers)
        return list(self.connection.mlmd.get_artifacts_by_id(there)) if there else []

    # How

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the store; raises ConflictError when another program, which does not know our lock, holds it too."""
        try:
            with self._guard, held(self.connection.lock):
                yield
        except AbortedError as error:
            file = self.connection.lock.with_suffix("") if self.connection.lock else "the metadata store"
            raise ConflictError(
                found=f"{file} is held by another program, in the middle of a transaction",
                expected="a store that only headrace writes to",
                do="Close the program that holds it (fuser on that file) and run again",
            ) from error

    def _put_run(self, run: Run) -> None:
        proto = run_proto(run, self._context_type(RUN))
        known = self._context_id(RUN, run.id)
        if known:
            proto.id = known
        try:
            (number,) = self.connection.mlmd.put_contexts([proto])
        except AlreadyExistsError:  # another process was first, or the answer was lost
            number = proto.id = self._context(RUN, run.id)
            self.connection.mlmd.put_contexts([proto])
        self._contexts[RUN, run.id] = number
        if not known:
            parent = self._context(PIPELINE, run.pipeline)
            with suppress(AlreadyExistsError):
                self.connection.mlmd.put_parent_contexts([pb.ParentContext(child_id=number, parent_id=parent)])

    @property
    def _is_shared(self) -> bool:
        """Tell whether processes of other machines write here too, and answers can be lost."""
        return self.connection.lock is None

    def _committed(self, written: pb.Execution) -> Execution | None:
        """Return an execution whose end is recorded already."""
        (found,) = self.connection.mlmd.get_executions_by_id([written.id])
        return self.read([found])[0] if was_committed(written, found) else None

    def _remember(self, execution: Execution) -> Execution:
        if execution.run in self._own_runs:
            self._own_runs[execution.run][execution.name] = execution
        return execution

    def _import(self, made: ArtifactRecord) -> ArtifactRecord:
        """Give an id to what no pipeline made: a folder is recorded where it is first read, once for its content."""
        for known in self.connection.mlmd.get_artifacts_by_uri(made.path):
            if known.type == made.type and known.properties["content_digest"].string_value == made.digest:
                return replace(made, id=known.id)
        kind = OutputSpec(type=made.type, layout=made.layout, gate=False, volatile=False, system_type="")
        proto = artifact_proto(made, self._artifact_type(kind), "", self.root, self.root_id)
        proto.ClearField("name")
        proto.external_id = digest_of([made.type, made.path, made.digest])
        try:
            (number,) = self.connection.mlmd.put_artifacts([proto])
        except AlreadyExistsError:  # another process was first, or the answer was lost
            (known,) = self.connection.mlmd.get_artifacts_by_external_ids([proto.external_id])
            number = known.id
        return replace(made, id=number)

    def _put(
        self, written: pb.Execution, pairs: Sequence[tuple[pb.Artifact | None, pb.Event]], execution: Execution
    ) -> tuple[int, list[int], list[int]]:
        """Write an execution with its artifacts and events in one transaction; its contexts stay as they are."""
        contexts = self._contexts_of(execution)
        put: tuple[int, list[int], list[int]] = self.connection.mlmd.put_execution(
            written, pairs, contexts, force_reuse_context=True
        )
        return put

    def _new(
        self, execution: Execution, name: str, index: int, made: ArtifactRecord, output: OutputSpec
    ) -> pb.Artifact:
        full = f"{execution.name}/{name}[{index}]"
        return artifact_proto(made, self._artifact_type(output), full, self.root, self.root_id)

    def _contexts_of(self, execution: Execution) -> list[pb.Context]:
        names = [(PIPELINE, execution.pipeline), (RUN, execution.run)]
        names.append((NODE, f"{execution.pipeline}.{execution.node}"))
        is_new = not isinstance(execution.status, Cached)  # look-ups must not read every run that was cached
        if execution.key and execution.offered and is_new:
            names.append((CACHE, execution.key.digest))
        return [
            pb.Context(id=self._context(kind, name), type_id=self._context_type(kind), name=name)
            for kind, name in names
        ]

    def _context(self, kind: str, name: str) -> int:
        known = self._context_id(kind, name)
        if known is None:
            context = pb.Context(type_id=self._context_type(kind), name=name)
            try:
                (known,) = self.connection.mlmd.put_contexts([context])
            except AlreadyExistsError:  # another process of a shared store was first
                known = self.connection.mlmd.get_context_by_type_and_name(kind, name).id
            self._contexts[kind, name] = known
        return known

    def _context_id(self, kind: str, name: str) -> int | None:
        if (kind, name) not in self._contexts:
            found = self.connection.mlmd.get_context_by_type_and_name(kind, name)
            if found is None:
                return None
            self._contexts[kind, name] = found.id
        return self._contexts[kind, name]

    def _in_context(self, kind: str, name: str, limit: int | None = None) -> list[pb.Execution]:
        context = self._context_id(kind, name)
        if context is None:
            return []
        options = ListOptions(limit=limit, order_by=OrderByField.ID, is_asc=False) if limit else None
        return list(self.connection.mlmd.get_executions_by_context(context, options))

    def _live(self, pipeline: str) -> Mapping[str, Sequence[pb.Artifact]]:
        """Return a pipeline's artifacts that are still there, by type, newest first.

        While a run of this process is open they are loaded once: what resolvers may find is older than the run.
        """
        if pipeline in self._older:
            return self._older[pipeline]
        context = self._context_id(PIPELINE, pipeline)
        found = self.connection.mlmd.get_artifacts_by_context(context) if context else []
        live: dict[str, list[pb.Artifact]] = {}
        for artifact in sorted(found, key=lambda a: int(a.id), reverse=True):
            if artifact.state == pb.Artifact.LIVE and not tainted(artifact):
                live.setdefault(artifact.type, []).append(artifact)
        if self._own_runs:
            self._older[pipeline] = live
        return live

    def _makers(self, artifacts: Sequence[int]) -> dict[int, tuple[int, str, str]]:
        """Map artifacts to the execution, run and node that made them, where it is complete."""
        mlmd = self.connection.mlmd
        events = (
            [e for e in mlmd.get_events_by_artifact_ids(artifacts) if e.type == pb.Event.OUTPUT] if artifacts else []
        )
        executions = {e.id: e for e in self.executions_with(sorted({e.execution_id for e in events}))} if events else {}
        complete = {n: e for n, e in executions.items() if e.last_known_state == pb.Execution.COMPLETE}
        return {
            event.artifact_id: (e.id, e.properties["run"].string_value, e.properties["node"].string_value)
            for event in events
            if (e := complete.get(event.execution_id))
        }

    def _execution_type(self, execution: Execution) -> int:
        def put() -> int:
            kind = pb.ExecutionType(name=execution.component, properties=EXECUTION_PROPERTIES)
            known = _base_type(self.connection.mlmd.get_execution_types(), kind.name)
            kind.base_type = known or pb.ExecutionType.SystemDefinedBaseType.Value(execution.process_type)
            return int(self.connection.mlmd.put_execution_type(kind, can_add_fields=True, can_omit_fields=True))

        return self._type("execution", execution.component, put)

    def _artifact_type(self, output: OutputSpec) -> int:
        def put() -> int:
            kind = pb.ArtifactType(name=output.type, properties=ARTIFACT_PROPERTIES)
            known = _base_type(self.connection.mlmd.get_artifact_types(), kind.name)
            if known or output.system_type:
                kind.base_type = known or pb.ArtifactType.SystemDefinedBaseType.Value(output.system_type)
            return int(self.connection.mlmd.put_artifact_type(kind, can_add_fields=True, can_omit_fields=True))

        return self._type("artifact", output.type, put)

    def _context_type(self, name: str) -> int:
        def put() -> int:
            kind = pb.ContextType(name=name, properties=RUN_PROPERTIES if name == RUN else {})
            return int(self.connection.mlmd.put_context_type(kind, can_add_fields=True, can_omit_fields=True))

        return self._type("context", name, put)

    def _type(self, kind: str, name: str, put: object) -> int:
        if (kind, name) not in self._types:
            assert callable(put)
            self._types[kind, name] = put()
        return self._types[kind, name]


def _base_type(types: Sequence[pb.ExecutionType | pb.ArtifactType], name: str) -> int:
    """Find the base type of a type that is known already: MLMD cannot change it."""
    return next((int(kind.base_type) for kind in types if kind.name == name), 0)
