"""A path is looked for on the disk only where the text may be one, and all of a store is walked once a snapshot."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from headrace.errors import UnknownReference
from headrace.lineage.reference import resolve
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.outline import EventOutline
from headrace.metadata.records import Execution, Run, StoredArtifact
from headrace.storage.root import Root
from tests.lineage.conftest import History


@dataclass(frozen=True)
class Counting:
    """A snapshot that counts how often all of it was walked through."""

    snapshot: Snapshot
    walks: Counter[str] = field(default_factory=Counter)

    def runs(self) -> Sequence[Run]:
        return self.snapshot.runs()

    def in_run(self, run: str) -> Sequence[Execution]:
        return self.snapshot.in_run(run)

    def nodes(self, run: str) -> Collection[str]:
        return self.snapshot.nodes(run)

    def execution(self, number: int) -> Execution | None:
        return self.snapshot.execution(number)

    def artifact(self, number: int) -> StoredArtifact | None:
        return self.snapshot.artifact(number)

    def artifacts(self, type_id: str = "") -> Sequence[StoredArtifact]:
        self.walks["artifacts"] += 1
        return self.snapshot.artifacts(type_id)

    def artifact_types(self) -> Sequence[str]:
        return self.snapshot.artifact_types()

    def around(self, artifacts: Sequence[int]) -> Sequence[Execution]:
        return self.snapshot.around(artifacts)

    def lost(self, execution: int) -> Sequence[EventOutline]:
        return self.snapshot.lost(execution)

    @property
    def root(self) -> Root:
        return self.snapshot.root

    def places(self) -> Mapping[Path, StoredArtifact]:
        self.walks["places"] += 1
        return self.snapshot.places()

    def sources(self) -> Sequence[Execution]:
        self.walks["sources"] += 1
        return self.snapshot.sources()


@pytest.mark.parametrize(
    ("text", "walks"),
    [
        ("Trai", {}),
        ("nothing", {}),
        ("rows.txt", {"sources": 1}),
        ("some/where", {"places": 1, "sources": 1}),
        ("bad\0name", {}),
    ],
)
def test_a_text_that_is_no_path_walks_through_nothing(
    history: History, tmp_path: Path, text: str, walks: dict[str, int]
) -> None:
    shelf = Counting(history.snapshot())
    with pytest.raises(UnknownReference):
        resolve(text, shelf, tmp_path)
    assert shelf.walks == walks


def test_a_name_that_is_here_is_a_path(history: History) -> None:
    snapshot = history.snapshot()
    number = history.artifact(history.longer, "Train", "model")
    found = snapshot.artifact(number)
    assert found is not None
    place = Path(found.record.path)
    assert resolve(place.name, snapshot, place.parent) == found


def test_all_of_a_store_is_indexed_once_a_snapshot(history: History) -> None:
    snapshot = history.snapshot()
    assert snapshot.places() is snapshot.places()
    assert {e.node for e in snapshot.sources()} == {"Source"}
    assert [e.id for e in snapshot.sources()] == sorted((e.id for e in snapshot.sources()), reverse=True)
