"""Runs a pipeline on this machine: every node whose inputs are ready, up to `jobs` at once."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from headrace.errors import ExitCode, LaunchError
from headrace.launcher.decide import CacheRules
from headrace.launcher.launch import Workplace, launch
from headrace.metadata.records import Cached, Execution, Run, RunState
from headrace.orchestrators.events import Event, EventLog, Listener
from headrace.orchestrators.freeze import freeze
from headrace.orchestrators.scheduler import Standing, next_nodes
from headrace.orchestrators.sweep import sweep
from headrace.orchestrators.workspace import Workspace
from headrace.spec.codec import write
from headrace.spec.messages import Block, Canceled, Failed, NodeRun, Skip
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import Json, NodeSpec, PipelineSpec
from headrace.storage.digest import digest_of
from headrace.workers.lease import Lease
from headrace.workers.pool import Pool


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a run is asked for."""

    spec: PipelineSpec
    values: Mapping[str, Json] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    selected: frozenset[str] | None = None
    resume: Run | None = None
    run_id: str = ""
    keep_going: bool = False
    debug: bool = False
    rules: CacheRules = field(default_factory=CacheRules)
    orchestrator: str = "local"


@dataclass(frozen=True)
class Finished:
    """How a run ended: its record, and the last attempt of every node."""

    run: Run
    executions: Mapping[str, Execution]

    def exit_code(self, *, gate: bool = False) -> ExitCode:
        """Return what a command says: 130 interrupted, 1 failed, 3 blocked (`gate`: or refused), else 0."""
        statuses = [execution.status for execution in self.executions.values()]
        if any(isinstance(status, Canceled) for status in statuses):
            return ExitCode.INTERRUPTED
        if any(isinstance(status, Failed) for status in statuses):
            return ExitCode.NODE_FAILED
        refused = any(isinstance(status, Skip) and status.refused for status in statuses)
        blocked = any(isinstance(status, Block) for status in statuses)
        return ExitCode.GATE if blocked or (gate and refused) else ExitCode.OK


def new_run_id() -> str:
    """Make an id that is unique and sorts by time."""
    now = time.time()
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{int(now % 1 * 1e6):06d}-{secrets.token_hex(2)}"


def run(
    request: Request,
    workspace: Workspace,
    listeners: tuple[Listener, ...] = (),
    interrupted: threading.Event | None = None,
) -> Finished:
    """Run a pipeline to a recorded end; set `interrupted` to stop it."""
    nodes = ordered(request.spec)
    state = workspace.place.state
    sweep(workspace.store, state)
    record = request.resume or _record(request, workspace)
    folder = state.run_folder(record.id)
    with ExitStack() as stack:
        stack.enter_context(Lease(folder / "lease.json"))
        (folder / "spec.json").write_text(write(request.spec), encoding="utf-8")
        workspace.store.open_run(replace(record, state="RUNNING"))
        log = EventLog(folder / "events.ndjson", listeners)
        stack.callback(log.close)
        pool = None if request.debug else stack.enter_context(Pool(workspace.place.project, folder / "servers.log"))
        ready = _workplace(request, workspace, pool, log, interrupted or threading.Event())
        running = _Running(request, record, ready, log, workspace.place.jobs)
        ended = running.run(nodes)
    return ended


def _record(request: Request, workspace: Workspace) -> Run:
    run_id = request.run_id or new_run_id()
    around = workspace.store.around
    selected = request.selected if request.selected is not None else {node.id for node in request.spec.nodes}
    return Run(
        id=run_id,
        pipeline=request.spec.name,
        values=request.values,
        origins=request.origins,
        frozen=freeze(request.spec, run_id, request.values, selected),
        selected=sorted(selected),
        started=time.time(),
        spec_digest=digest_of(write(request.spec)),
        git_commit=str(around.get("git_commit", "")),
        git_dirty=bool(around.get("git_dirty", False)),
        environment=str(around.get("environment_digest", "")),
        host=str(around.get("host", "")),
        orchestrator=request.orchestrator,
    )


def _workplace(
    request: Request, workspace: Workspace, pool: Pool | None, log: EventLog, interrupted: threading.Event
) -> Workplace:
    return Workplace(
        store=workspace.store,
        state=workspace.place.state,
        project=workspace.place.project,
        pool=pool,
        rules=request.rules,
        interrupted=interrupted,
        told=log.node_changed,
        watch=_progress(log),
    )


def _progress(log: EventLog) -> Callable[[str], Callable[[dict[str, Any]], None]]:
    def watcher(node: str) -> Callable[[dict[str, Any]], None]:
        def told(report: dict[str, Any]) -> None:
            data = {name: report[name] for name in ("what", "done", "total", "text")}
            log.write(Event(event="progress", run="", node=node, data=data))

        return told

    return watcher


class _Running:
    """One run while it goes on: threads that launch, and the record of how every node stands."""

    def __init__(self, request: Request, record: Run, workplace: Workplace, log: EventLog, jobs: int) -> None:
        self.request, self.record, self.workplace, self.log, self.jobs = request, record, workplace, log, jobs
        self.executions: dict[str, Execution] = {}
        self.standing: dict[str, Standing] = {node.id: "waiting" for node in request.spec.nodes}
        self.nodes = {node.id: node for node in request.spec.nodes}

    def run(self, nodes: Sequence[NodeSpec]) -> Finished:
        self.log.write(
            Event(event="run_state", run=self.record.id, to="RUNNING", data={"nodes": [node.id for node in nodes]})
        )
        self._take_unselected(nodes)
        with ThreadPoolExecutor(max_workers=max(self.jobs, 1), thread_name_prefix="node") as threads:
            self._loop(threads)
        for name, how in self.standing.items():
            if how == "waiting":
                self._stop(name, Canceled("interrupted"))
        return self._close()

    def _loop(self, threads: ThreadPoolExecutor) -> None:
        going: dict[Future[Execution], str] = {}
        while True:
            if not self.workplace.interrupted.is_set():
                self._start(threads, going)
            if not going:
                return
            done, _ = wait(going, timeout=0.2, return_when=FIRST_COMPLETED)
            if self.workplace.interrupted.is_set() and self.workplace.pool:
                self.workplace.pool.cancel()
            for future in done:
                self._end(going.pop(future), future.result())

    def _start(self, threads: ThreadPoolExecutor, going: dict[Future[Execution], str]) -> None:
        coming = next_nodes(self.request.spec, self.standing, keep_going=self.request.keep_going)
        for name, reason in coming.give_up.items():
            self._stop(name, Skip(reason))
        for name in coming.start:
            self.standing[name] = "running"
            going[threads.submit(launch, self._node_run(name), self.workplace)] = name

    def _node_run(self, name: str) -> NodeRun:
        node = self.nodes[name]
        beam_args = node.options.beam_args
        return NodeRun(
            pipeline=self.record.pipeline,
            run=self.record.id,
            node=replace(node, options=replace(node.options, beam_args=beam_args)),
            values=self.record.values,
            frozen=self.record.frozen.get(name, {}),
        )

    def _end(self, name: str, execution: Execution) -> None:
        self.executions[name] = execution
        if execution.succeeded:
            self.standing[name] = "succeeded"
        else:
            self.standing[name] = "failed" if isinstance(execution.status, Failed) else "stopped"

    def _stop(self, name: str, status: Skip | Canceled) -> None:
        """Record a node that is not launched."""
        self._end(name, self._begin(name, status))

    def _begin(self, name: str, status: Skip | Canceled | Cached, earlier: Execution | None = None) -> Execution:
        node = self.nodes[name]
        tried = [e.attempt for e in self.workplace.store.in_run(self.record.id) if e.node == name]
        execution = Execution(
            pipeline=self.record.pipeline,
            run=self.record.id,
            node=name,
            component=node.component,
            process_type=node.process_type,
            status=status,
            attempt=1 + max(tried, default=0),
            outputs=earlier.outputs if earlier else {},
            started=time.time(),
            ended=time.time(),
        )
        begun = self.workplace.store.begin(execution, node.outputs)
        self.log.node_changed(begun)
        return begun

    def _take_unselected(self, nodes: Sequence[NodeSpec]) -> None:
        """Let the last results of nodes that were not selected stand, where selected ones read them."""
        selected = set(self.record.selected)
        needed = {name for node in nodes if node.id in selected for name in waits_for(node, self.request.spec)}
        for node in nodes:
            if node.id in selected:
                continue
            if node.id not in needed:
                self._stop(node.id, Skip("not selected"))
                continue
            earlier = self._last(node.id)
            self._end(node.id, self._begin(node.id, Cached(earlier.id, f"not selected: as {earlier.name}"), earlier))

    def _last(self, name: str) -> Execution:
        for execution in self.workplace.store.of_node(self.record.pipeline, name, 50):
            if execution.succeeded and execution.run != self.record.id:
                return execution
        raise LaunchError(
            found=f"{name} is not selected and has never finished",
            expected="a result of it that selected nodes can read",
            do=f"Run once without --from and --only, or select {name} too",
        )

    def _close(self) -> Finished:
        finished = Finished(self.record, self.executions)
        states: dict[ExitCode, RunState] = {
            ExitCode.INTERRUPTED: "CANCELED",
            ExitCode.NODE_FAILED: "FAILED",
            ExitCode.GATE: "BLOCKED",
        }
        ended = replace(self.record, state=states.get(finished.exit_code(), "COMPLETE"), ended=time.time())
        self.workplace.store.close_run(ended)
        self.log.write(Event(event="run_state", run=ended.id, was="RUNNING", to=ended.state))
        return Finished(ended, self.executions)
