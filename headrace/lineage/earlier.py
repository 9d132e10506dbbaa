"""What a node's execution is compared with: its last one before that succeeded."""

from collections.abc import Mapping, Sequence

from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Execution


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
