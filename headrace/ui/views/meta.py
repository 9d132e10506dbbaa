"""What a store is: its name, what may be done with it, and how much is in it."""

from collections import Counter
from dataclasses import dataclass

from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is known of a store beside what is in it."""

    name: str
    address: str
    is_own: bool
    can_taint: bool
    refreshed: float
    trouble: str


def meta_view(snapshot: Snapshot, store: Store) -> Row:
    """Describe a store."""
    return {
        "name": store.name,
        "store": store.address,
        "read_only": not store.can_taint,
        "own": store.is_own,
        "can_taint": store.can_taint,
        "counts": {
            "runs": len(snapshot.by_run),
            "executions": len(snapshot.by_execution),
            "artifacts": len(snapshot.by_artifact),
        },
        "types": dict(Counter(artifact.type for artifact in snapshot.by_artifact.values()).most_common()),
        "pipelines": list(dict.fromkeys(run.pipeline for run in snapshot.runs() if run.pipeline)),
        "refreshed": store.refreshed,
        "trouble": store.trouble or None,
    }
