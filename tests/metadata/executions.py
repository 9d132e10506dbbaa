"""Executions and artifacts to record."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from headrace.metadata.connection import connect
from headrace.metadata.records import CacheKey, Complete, Execution, Running
from headrace.metadata.store import Store
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import OutputSpec
from headrace.storage.folder_root import FolderRoot

OUTPUTS = {"made": OutputSpec(type="Rows", layout=1, gate=False, volatile=False, system_type="DATASET")}
KEY = CacheKey({"component": "Source 1", "parameter n": "1"}, {"tests.parts": "0" * 64})


def store_in(folder: Path, root_id: str = "root") -> Store:
    folder.mkdir(exist_ok=True)
    root = FolderRoot(folder / "artifacts")
    return Store(connect(f"sqlite:{folder / 'metadata.db'}"), root, root_id, {"host": "here"})


def running(**fields: Any) -> Execution:
    known: dict[str, Any] = {"pipeline": "p", "run": "r1", "node": "n", "component": "Source", "status": Running()}
    return Execution(**{**known, "key": KEY, "started": 1.0, **fields})


def artifact(store: Store, name: str = "n/1/made", **fields: Any) -> ArtifactRecord:
    known: dict[str, Any] = {"type": "Rows", "layout": 1, "digest": "d1", "size": 3}
    properties = {"span": 2, "names": ["a", "b"]}
    return ArtifactRecord(path=store.root.location(name), **{**known, "properties": properties, **fields})


def completed(store: Store, **fields: Any) -> Execution:
    """Record an execution that made one artifact."""
    begun = store.begin(running(**fields))
    made = artifact(store, f"n/{begun.id}/made")
    return store.commit(replace(begun, status=Complete(), outputs={"made": (made,)}), OUTPUTS)


def whole_executions(store: Store) -> list[Execution]:
    """Read all executions of a store with all that is known of them, oldest first."""
    return store.read(store.connection.mlmd.get_executions())
