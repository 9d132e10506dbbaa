"""Where references look: a store (`metadata.catalogue.Catalogue`) or a snapshot of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from headrace.metadata.outline import EventOutline
from headrace.metadata.records import Execution, Run, StoredArtifact
from headrace.storage.root import Root


class Shelf(Protocol):
    """Runs newest first, executions and artifacts oldest first."""

    def runs(self) -> Sequence[Run]: ...
    def in_run(self, run: str) -> Sequence[Execution]: ...
    def execution(self, number: int) -> Execution | None: ...
    def artifact(self, number: int) -> StoredArtifact | None: ...
    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]: ...
    def artifact_types(self) -> Sequence[str]: ...


class Records(Shelf, Protocol):
    """A shelf that knows who made and read an artifact, and where artifacts are."""

    @property
    def root(self) -> Root: ...
    def around(self, artifacts: Sequence[int]) -> Sequence[Execution]: ...
    def lost(self, execution: int) -> Sequence[EventOutline]: ...


@runtime_checkable
class Indexed(Protocol):
    """A shelf that does not change, and keeps what takes a walk through all of it."""

    def places(self) -> Mapping[Path, StoredArtifact]: ...
    def sources(self) -> Sequence[Execution]: ...
