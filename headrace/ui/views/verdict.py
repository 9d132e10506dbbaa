"""Why a node ran, or did not: what happened, and the parts of its key that differ from the last time."""

from collections.abc import Sequence

from headrace.lineage.lists import Row
from headrace.lineage.run_diff import changes_in
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Cached, Complete, Execution, Run, Running
from headrace.metadata.states import reason_of
from headrace.spec.messages import Block, Canceled, Failed, Skip


def verdict(execution: Execution, before: Execution | None, snapshot: Snapshot) -> Row:
    """Judge one execution; `before` is the node's last one that succeeded."""
    match execution.status:
        case Cached(earlier, reason):
            stands = snapshot.by_execution.get(earlier)
            stood: Row | None = {"execution": stands.id, "run": stands.run} if stands else None
            return _row("cached", reason or "nothing in its key changed", stands_for=stood)
        case Skip(reason):
            return _row("skipped", reason)
        case Canceled(reason):
            return _row("canceled", reason)
        case Block(gate):
            return _row("blocked", f"{gate} blocks")
        case Failed():
            return _row("failed", reason_of(execution), _changed(execution, before, snapshot))
        case Running() | Complete():
            changed = _changed(execution, before, snapshot)
            because = execution.note or _because(before, changed, is_keyed=execution.key is not None)
            return _row("running" if isinstance(execution.status, Running) else "ran", because, changed)


def not_recorded(run: Run) -> Row:
    """Judge a node that has no execution in a run."""
    return _row("waiting", "it waits for its turn" if run.state == "RUNNING" else "it did not start")


def _because(before: Execution | None, changed: Sequence[Row], *, is_keyed: bool) -> str:
    if before is None:
        return "it has not run before"
    parts = f"{len(changed)} part{'s' if len(changed) > 1 else ''}"
    if is_keyed:
        return f"{parts} of its key changed" if changed else "its last result is gone"
    return f"{parts} of what its store has of it changed" if changed else "its store has no cache key"


def _changed(execution: Execution, before: Execution | None, snapshot: Snapshot) -> list[Row]:
    if before is None or (execution.key is None) != (before.key is None):
        return []
    changes = changes_in(snapshot, before, execution)
    return [{"part": c.part, "before": c.before or None, "after": c.after or None} for c in changes]


def _row(kind: str, text: str, changed: Sequence[Row] = (), stands_for: Row | None = None) -> Row:
    return {"kind": kind, "text": text, "changed": list(changed), "stands_for": stands_for}
