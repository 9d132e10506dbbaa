"""Sweeps after dead runs: their executions are closed as FAILED, what they left half-written goes to the trash."""

from contextlib import suppress
from dataclasses import replace
from time import time

from headrace.errors import UnknownReference
from headrace.metadata.records import Execution, Running
from headrace.metadata.store import Store
from headrace.spec.messages import Canceled, Failed
from headrace.storage.state import StateFolder
from headrace.workers.claims import Claims
from headrace.workers.lease import dead_among

DIED = Failed(type="ProcessDied", message="process died")


def sweep(store: Store, state: StateFolder, claims: Claims) -> list[str]:
    """Close every run whose lease is dead, and on a shared store those of other hosts; return their ids."""
    swept: list[str] = []
    leases = dead_among(sorted(state.runs.glob("*/lease.json")))
    for run in dict.fromkeys([*(lease.parent.name for lease in leases), *claims.abandoned_runs()]):
        with claims.claimed(run) as mine:  # or somebody resumes it, or sweeps after it, at this moment
            if mine:
                _close(run, store, state)
                swept.append(run)
    state.empty_trash()
    return swept


def _close(run: str, store: Store, state: StateFolder) -> None:
    for execution in store.in_run(run):
        if isinstance(execution.status, Running):
            close_dead(execution, store, state)
    with suppress(UnknownReference):  # it died before its record was made
        record = store.run(run)
        if record.state == "RUNNING":  # or it died after it had closed its record
            store.close_run(replace(record, state="FAILED", ended=time()))
    (state.run_folder(run) / "lease.json").unlink(missing_ok=True)


def close_dead(execution: Execution, store: Store, state: StateFolder, how: Failed | Canceled = DIED) -> Execution:
    """Close an execution whose process died; its folders, without a record of what is in them, go to the trash."""
    store.root.discard(execution.node, execution.id, state)
    how = replace(how, log=execution.log) if isinstance(how, Failed) else how
    return store.commit(replace(execution, status=how, ended=time()), {})
