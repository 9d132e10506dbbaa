"""A shared run whose pods are gone, with nobody left who closes its record."""

import time
from dataclasses import replace

from headrace.errors import ConflictError, UsageError
from headrace.metadata.records import Run, Running
from headrace.orchestrators.shared_run import node_claim
from headrace.orchestrators.sweep import close_dead
from headrace.orchestrators.workspace import Workspace


def close_abandoned(record: Run, workspace: Workspace) -> Run:
    """Record that a run ended with its pods: what was at work is FAILED, the run CANCELED.

    Raises UsageError for a run that has ended or is not Kubeflow's, ConflictError while a pod of it works.
    """
    if record.state != "RUNNING" or record.orchestrator != "kubeflow":
        raise UsageError(
            found=f"{record.id} of {record.orchestrator} is {record.state}",
            expected="a run in Kubeflow whose record says RUNNING",
            do="List them: headrace ls runs",
        )
    running = [e for e in workspace.store.in_run(record.id) if isinstance(e.status, Running)]
    for execution in running:
        if workspace.claims.is_held_after_watching(node_claim(record.id, execution.node)):
            raise ConflictError(
                found=f"the pod of {execution.node} was alive a moment ago",
                expected="a run whose pods are gone",
                do="End it first: headrace kubeflow terminate; a pod that died is known to be dead after 15 seconds",
            )
    for execution in running:
        close_dead(execution, workspace.store, workspace.place.state)
    ended = replace(record, state="CANCELED", ended=max(time.time(), record.started))
    workspace.store.close_run(ended)
    return ended
