"""Reads what lists and lineage ask for: single artifacts with their state, and the outline of a whole store."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ml_metadata.errors import NotFoundError
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata import outline_of_file as in_file
from headrace.metadata import outline_of_server as at_server
from headrace.metadata.bar import tainted
from headrace.metadata.outline import RUN_TYPES, EventOutline, Outline, artifact_state
from headrace.metadata.protos import artifact_of, run_of
from headrace.metadata.records import Execution, Run, StoredArtifact
from headrace.metadata.store import Store
from headrace.metadata.taints import taints_in
from headrace.storage.root import Root


@dataclass(frozen=True)
class Catalogue:
    """A store as lists and references see it; nothing of it writes. Threads may share one."""

    store: Store
    _guard: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False, compare=False)

    @property
    def root(self) -> Root:
        """Where artifacts are."""
        return self.store.root

    def runs(self) -> Sequence[Run]:
        """Return the runs, newest first."""
        with self._guard:
            return self.store.runs()

    def in_run(self, run: str) -> Sequence[Execution]:
        """Return the executions of a run, oldest first."""
        with self._guard:
            return self.store.in_run(run)

    def nodes(self, run: str) -> Collection[str]:
        """Return the names of the nodes of a run, in the order of their first executions."""
        return dict.fromkeys(execution.node for execution in self.in_run(run))

    def execution(self, number: int) -> Execution | None:
        """Return one execution by its id."""
        with self._guard:
            return self.store.execution(number)

    def executions(self, numbers: Sequence[int]) -> Sequence[Execution]:
        """Return executions by their ids, oldest first."""
        with self._guard:
            found = self.store.executions_with(numbers)
            return self.store.read(found)

    def artifact(self, number: int) -> StoredArtifact | None:
        """Return one artifact by its id."""
        return next(iter(self.artifacts_with([number])), None)

    def artifacts_with(self, numbers: Sequence[int]) -> Sequence[StoredArtifact]:
        """Return artifacts by their ids, oldest first."""
        with self._guard:
            found = self.store.artifacts_with(numbers)
            return self._all_stored(found)

    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]:
        """Return all artifacts, or those of a type, oldest first."""
        mlmd = self.store.connection.mlmd
        with self._guard:
            try:
                found = mlmd.get_artifacts_by_type(type_id) if type_id else mlmd.get_artifacts()
            except NotFoundError:
                return []
            return self._all_stored(found)

    def artifact_types(self) -> Sequence[str]:
        """Return the types that artifacts may have, but ML Metadata's own."""
        with self._guard:
            names = {kind.name for kind in self.store.connection.mlmd.get_artifact_types()}
        return sorted(name for name in names if not name.startswith("mlmd."))

    def around(self, artifacts: Sequence[int]) -> Sequence[Execution]:
        """Return the executions that made or read any of the artifacts, oldest first."""
        mlmd = self.store.connection.mlmd
        with self._guard:
            events = mlmd.get_events_by_artifact_ids(artifacts) if artifacts else []
            return self.executions(sorted({event.execution_id for event in events}))

    def lost(self, execution: int) -> Sequence[EventOutline]:
        """Return the events of an execution whose artifacts the store lost."""
        with self._guard:
            events = at_server.events_at(self.store.connection.mlmd, [execution])
            there = {artifact.id for artifact in self.store.artifacts_with([event.artifact for event in events])}
        return [event for event in events if event.artifact not in there]

    def outline(self, since: float = 0.0, last_event: int = 0) -> Outline:
        """Read the outline of all, or of what changed at a time or later and got events after one."""
        moment = int(since * 1000)
        with self._guard:
            file = in_file.open_beside(self.store.connection)
            runs = self._runs(moment)
            if file and in_file.has_known_tables(file):
                return in_file.outline_in(file, runs, moment, last_event)
            mlmd = self.store.connection.mlmd
            executions = at_server.executions_at(mlmd, moment)
            events = at_server.events_at(mlmd, [e.id for e in executions])
            return Outline(runs, executions, at_server.artifacts_at(mlmd, moment), events)

    def _runs(self, since: int) -> list[Run]:
        """Read the runs of headrace, TFX and Kubeflow, or those that changed at a time or later."""
        mlmd = self.store.connection.mlmd
        if since:
            return [run_of(each) for each in at_server.changed(mlmd.get_contexts, since) if each.type in RUN_TYPES]
        known = {kind.name for kind in mlmd.get_context_types()}
        return [run_of(each) for name in RUN_TYPES if name in known for each in mlmd.get_contexts_by_type(name)]

    def _all_stored(self, found: Sequence[pb.Artifact]) -> list[StoredArtifact]:
        return [self._stored(artifact) for artifact in sorted(found, key=lambda a: int(a.id))]

    def _stored(self, found: pb.Artifact) -> StoredArtifact:
        return StoredArtifact(
            record=artifact_of(found, self.store.root, self.store.root_id),
            name=found.name,
            state=artifact_state(found.state),
            taints=taints_in(tainted(found)),
            created=found.create_time_since_epoch / 1000,
        )
