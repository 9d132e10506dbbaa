"""Why a node ran, or did not: what happened, and the parts of its key that differ from the last time."""

from collections.abc import Mapping, Sequence

from headrace.lineage.lists import Row
from headrace.lineage.run_diff import changes_between, parts_of
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Cached, Complete, Execution, Run, Running
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
        case Running():
            return _row("running", execution.note or _because(execution, before), _changed(execution, before))
        case Failed(type=kind, message=message):
            return _row("failed", f"{kind}: {message.partition(chr(10))[0]}", _changed(execution, before))
        case Complete():
            return _row("ran", execution.note or _because(execution, before), _changed(execution, before))


def not_recorded(run: Run) -> Row:
    """Judge a node that has no execution in a run."""
    return _row("waiting", "it waits for its turn" if run.state == "RUNNING" else "it did not start")


def earlier_of(executions: Sequence[Execution], snapshot: Snapshot) -> Mapping[str, Execution]:
    """Find for nodes of one run the last execution before that succeeded, in the same pipeline."""
    if not executions:
        return {}
    pipeline = executions[0].pipeline
    first = {execution.node: execution.id for execution in reversed(executions)}
    found: dict[str, int] = {}
    for outline in reversed(list(snapshot.by_execution.values())):
        is_earlier = outline.node in first and outline.node not in found and outline.id < first[outline.node]
        if is_earlier and outline.pipeline == pipeline and outline.state in ("COMPLETE", "CACHED"):
            found[outline.node] = outline.id
            if len(found) == len(first):
                break
    return {execution.node: execution for execution in snapshot.executions(found.values())}


def _because(execution: Execution, before: Execution | None) -> str:
    if execution.key is None:
        return ""
    if before is None:
        return "it has not run before"
    changed = len(_changed(execution, before))
    return f"{changed} part{'s' if changed > 1 else ''} of its key changed" if changed else "its last result is gone"


def _changed(execution: Execution, before: Execution | None) -> list[Row]:
    if before is None or execution.key is None or before.key is None:
        return []
    changes = changes_between(parts_of(before), parts_of(execution))
    return [{"part": c.part, "before": c.before or None, "after": c.after or None} for c in changes]


def _row(kind: str, text: str, changed: Sequence[Row] = (), stands_for: Row | None = None) -> Row:
    return {"kind": kind, "text": text, "changed": list(changed), "stands_for": stands_for}
