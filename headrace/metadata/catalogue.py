"""Reads what lists and lineage ask for: single artifacts with their state, and a whole store in five calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml_metadata.errors import NotFoundError
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.protos import artifact_of
from headrace.metadata.records import Execution, Run, StoredArtifact
from headrace.metadata.store import Store


@dataclass(frozen=True)
class Everything:
    """All that a store holds: runs newest first, executions and artifacts by their ids."""

    runs: Sequence[Run]
    executions: Sequence[Execution]
    artifacts: Sequence[StoredArtifact]


@dataclass(frozen=True)
class Catalogue:
    """A store as lists and references see it; nothing of it writes."""

    store: Store

    def runs(self) -> Sequence[Run]:
        """Return the runs, newest first."""
        return self.store.runs()

    def in_run(self, run: str) -> Sequence[Execution]:
        """Return the executions of a run, oldest first."""
        return self.store.in_run(run)

    def execution(self, number: int) -> Execution | None:
        """Return one execution by its id."""
        return self.store.execution(number)

    def artifact(self, number: int) -> StoredArtifact | None:
        """Return one artifact by its id."""
        found = self.store.connection.mlmd.get_artifacts_by_id([number])
        return self._stored(found[0]) if found else None

    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]:
        """Return all artifacts, or those of a type, oldest first."""
        mlmd = self.store.connection.mlmd
        try:
            found = mlmd.get_artifacts_by_type(type_id) if type_id else mlmd.get_artifacts()
        except NotFoundError:
            return []
        return [self._stored(artifact) for artifact in sorted(found, key=lambda a: int(a.id))]

    def around(self, artifacts: Sequence[int]) -> Sequence[Execution]:
        """Return the executions that made or read any of the artifacts, oldest first."""
        mlmd = self.store.connection.mlmd
        events = mlmd.get_events_by_artifact_ids(artifacts) if artifacts else []
        numbers = sorted({event.execution_id for event in events})
        return self.store.read(mlmd.get_executions_by_id(numbers)) if numbers else []

    def everything(self) -> Everything:
        """Load all runs, executions and artifacts in bulk, for walks in memory."""
        mlmd = self.store.connection.mlmd
        artifacts = self.artifacts()
        executions = self.store.read(mlmd.get_executions(), {a.id: a.record for a in artifacts})
        return Everything(self.store.runs(), executions, artifacts)

    def _stored(self, found: pb.Artifact) -> StoredArtifact:
        return StoredArtifact(
            record=artifact_of(found, self.store.root, self.store.root_id),
            name=found.name,
            state=_STATES.get(found.state, "UNKNOWN"),
            tainted=found.properties["tainted"].string_value if "tainted" in found.properties else "",
            created=found.create_time_since_epoch / 1000,
        )


_STATES: Mapping[int, str] = {value: name for name, value in pb.Artifact.State.items() if name != "UNKNOWN"}
