"""Graphs of a few numbers, without a store."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.outline import ArtifactOutline, EventOutline, ExecutionOutline
from headrace.metadata.records import Complete, Execution, Run, StoredArtifact
from headrace.spec.messages import ArtifactRecord


def graph_of(
    executions: Mapping[int, tuple[Sequence[int], Sequence[int]]], types: Mapping[int, str] | None = None
) -> Snapshot:
    """Make a graph of executions with the artifacts that each reads and gives; all is of one run."""
    held = sorted({number for read, made in executions.values() for number in (*read, *made)})
    kinds = {number: (types or {}).get(number, "Thing") for number in held}
    events = {
        number: [EventOutline(number, a, True, "x", i) for i, a in enumerate(read)]
        + [EventOutline(number, a, False, "y", i) for i, a in enumerate(made)]
        for number, (read, made) in executions.items()
    }
    run = Run(id="r", pipeline="p", state="COMPLETE")
    return Snapshot(
        recorded={"r": run},
        by_run={"r": run},
        by_execution={
            n: ExecutionOutline(n, "C", "p", "r", f"N{n}", None, 1, "COMPLETE", 0, "", 1.0, 1.0) for n in executions
        },
        by_artifact={n: ArtifactOutline(n, kind, f"/{n}", "LIVE", "", 1.0, 1.0) for n, kind in kinds.items()},
        events=events,
        catalogue=cast("Catalogue", Path()),  # nothing is left to be read
        known_executions={
            n: Execution(pipeline="p", run="r", node=f"N{n}", component="C", status=Complete(), id=n)
            for n in executions
        },
        known_artifacts={
            n: StoredArtifact(
                record=ArtifactRecord(id=n, type=k, layout=1, path=f"/{n}", digest=f"d{n}", properties={})
            )
            for n, k in kinds.items()
        },
    )
