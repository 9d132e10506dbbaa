"""A store that is open."""

from dataclasses import dataclass
from pathlib import Path

from ml_metadata.metadata_store.metadata_store import MetadataStore


@dataclass(frozen=True, weakref_slot=True, slots=True)
class Connection:
    """An open store, the lock file that writers of a SQLite file share, and the same store without patience."""

    mlmd: MetadataStore
    lock: Path | None
    at_once: MetadataStore
