"""Opens a run: sweeps after dead ones, freezes spans, records it, and keeps its lease while it goes on."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

from headrace.errors import ConflictError, UnfitEnvironment
from headrace.launcher.launch import Workplace
from headrace.metadata.records import Execution, Run, Running
from headrace.orchestrators.events import Event, EventLog, Listener
from headrace.orchestrators.freeze import Frozen, freeze
from headrace.orchestrators.request import Request, new_run_id
from headrace.orchestrators.session import RunSession, write_run
from headrace.orchestrators.sweep import sweep
from headrace.orchestrators.workspace import Workspace
from headrace.spec.codec import write
from headrace.spec.order import ordered
from headrace.storage.digest import digest_of
from headrace.workers.lease import Lease, is_dead
from headrace.workers.pool import Pool

GLANCE = 0.1
"""Seconds between two looks at whether the run was interrupted."""


@contextmanager
def open_run(
    request: Request,
    workspace: Workspace,
    *,
    listeners: tuple[Listener, ...] = (),
    interrupted: threading.Event | None = None,
    pool: Pool | None = None,
) -> Iterator[RunSession]:
    """Sweep after dead runs, freeze the spans, record the run, and keep its lease while the block runs.

    Without a `pool` the run has forkservers of its own; several runs of one process can share them.
    """
    if request.resume and request.resume.orchestrator == "kubeflow" and request.resume.state == "RUNNING":
        raise ConflictError(
            found=f"{request.resume.id} is running in Kubeflow",
            expected="a run that has ended",
            do=f"Wait for it; where its pods are gone: headrace kubeflow close {request.resume.id}",
        )
    nodes = ordered(request.spec)
    state = workspace.place.state
    sweep(workspace.store, state, workspace.claims)
    run_id = request.resume.id if request.resume else request.run_id or new_run_id()
    selected = request.selected if request.selected is not None else frozenset(node.id for node in nodes)
    folder = state.run_folder(run_id)
    known = request.resume.frozen if request.resume else {}
    values = {**{name: declared.default for name, declared in request.spec.parameters.items()}, **request.values}
    part = selected if len(selected) < len(nodes) else frozenset[str]()
    asked = replace(request, run_id=run_id, selected=part, values=values)
    with ExitStack() as stack:
        # The claim decides between two that resume at once; the lease tells others that the run is alive.
        if not stack.enter_context(workspace.claims.claimed(run_id)) or not is_dead(folder / "lease.json"):
            raise ConflictError(
                found=f"{run_id} is running", expected="a run that has ended", do="Wait, or interrupt it"
            )
        stack.enter_context(Lease(folder / "lease.json"))
        frozen = freeze(request.spec, run_id, values, selected - known.keys())
        record = _again(asked, request.resume, frozen) if request.resume else record_of(asked, workspace, frozen)
        (folder / "spec.json").write_text(write(request.spec), encoding="utf-8")
        write_run(folder, record)
        workspace.store.open_run(replace(record, state="RUNNING"))
        log = EventLog(folder / "events.ndjson", listeners, workspace.place.root)
        stack.callback(log.close)
        if pool is None and not request.debug:
            pool = stack.enter_context(Pool(workspace.place.project, folder / "servers.log"))
        interrupted = interrupted or threading.Event()
        if pool:
            stack.enter_context(ending_executors(interrupted, pool))
        workplace = _workplace(request, record, workspace, pool, log, interrupted)
        session = RunSession(request, record, workplace, log, workspace.place.beam_args, frozen.failures)
        try:
            yield session
        except BaseException as error:
            session.abandon(error)
            raise


@contextmanager
def ending_executors(interrupted: threading.Event, pool: Pool) -> Iterator[None]:
    """While the block runs, end every executor once the run is interrupted, also those that start a moment later."""
    closed = threading.Event()

    def watch() -> None:
        while not closed.wait(GLANCE):
            if interrupted.is_set():
                pool.cancel()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        closed.set()
        thread.join()


def _again(request: Request, before: Run, frozen: Frozen) -> Run:
    """Go on with a run: what it knew stays, what it did not know yet is added."""
    values, spans = {**request.values, **before.values}, {**before.frozen, **frozen.values}
    return replace(before, values=values, frozen=spans, selected=sorted(request.selected or ()))


def record_of(request: Request, workspace: Workspace, frozen: Frozen) -> Run:
    """Describe a run that begins."""
    around = workspace.store.around
    return Run(
        id=request.run_id,
        pipeline=request.spec.name,
        values=request.values,
        origins=request.origins,
        frozen=frozen.values,
        selected=sorted(request.selected or ()),
        started=time.time(),
        spec_digest=digest_of(write(request.spec)),
        git_commit=str(around.get("git_commit", "")),
        git_dirty=bool(around.get("git_dirty", False)),
        environment=str(around.get("environment_digest", "")),
        host=str(around.get("host", "")),
        orchestrator=request.orchestrator,
    )


def _workplace(
    request: Request,
    record: Run,
    workspace: Workspace,
    pool: Pool | None,
    log: EventLog,
    interrupted: threading.Event,
) -> Workplace:
    coming = {node.environment for node in request.spec.nodes if not record.selected or node.id in record.selected}
    return Workplace(
        store=workspace.store,
        state=workspace.place.state,
        claims=workspace.claims,
        project=workspace.place.project,
        pool=pool,
        rules=request.rules,
        interrupted=interrupted,
        told=_telling(coming - {"bare"}, log, pool),
        watch=watching(log, record.id),
    )


def _telling(environments: Collection[str], log: EventLog, pool: Pool | None) -> Callable[[Execution], None]:
    """Log every change; when the first executor starts, have the imports of the others done meanwhile."""
    warmed = threading.Event()

    def told(execution: Execution) -> None:
        log.node_changed(execution)
        if pool and isinstance(execution.status, Running) and not warmed.is_set():
            warmed.set()
            for environment in sorted(environments):
                with suppress(UnfitEnvironment):  # the node that needs it says so, if there is one
                    pool.warm(environment)

    return told


def watching(log: EventLog, run_id: str) -> Callable[[str], Callable[[dict[str, Any]], None]]:
    """Log what executors report while they work."""

    def watcher(node: str) -> Callable[[dict[str, Any]], None]:
        def told(report: dict[str, Any]) -> None:
            data = {name: report[name] for name in ("what", "done", "total", "text")}
            log.write(Event(event="progress", run=run_id, node=node, data=data))

        return told

    return watcher
