"""One run while it goes on: its record, how every node stands, and the acts that an orchestrator calls in its order."""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from headrace.errors import ConflictError, ExitCode, LaunchError
from headrace.launcher.decide import CacheRules
from headrace.launcher.launch import Workplace, launch
from headrace.metadata.records import Cached, Execution, Run, Running, RunState
from headrace.orchestrators.events import Event, EventLog, Listener
from headrace.orchestrators.freeze import Frozen, freeze
from headrace.orchestrators.scheduler import Next, Schedule, Standing
from headrace.orchestrators.sweep import close_dead, sweep
from headrace.orchestrators.workspace import Workspace
from headrace.spec.codec import write
from headrace.spec.messages import Block, Canceled, Failed, NodeRun, Skip
from headrace.spec.order import ordered
from headrace.spec.records import Json, PipelineSpec
from headrace.storage.digest import digest_of
from headrace.workers.lease import Lease, is_dead
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


@contextmanager
def open_run(
    request: Request,
    workspace: Workspace,
    *,
    listeners: tuple[Listener, ...] = (),
    interrupted: threading.Event | None = None,
    pool: Pool | None = None,
) -> Iterator["RunSession"]:
    """Sweep after dead runs, freeze the spans, record the run, and keep its lease while the block runs.

    Without a `pool` the run has forkservers of its own; several runs of one process can share them.
    """
    nodes = ordered(request.spec)
    state = workspace.place.state
    sweep(workspace.store, state)
    run_id = request.resume.id if request.resume else request.run_id or new_run_id()
    selected = request.selected if request.selected is not None else frozenset(node.id for node in nodes)
    folder = state.run_folder(run_id)
    if request.resume and not is_dead(folder / "lease.json"):
        raise ConflictError(found=f"{run_id} is running", expected="a run that has ended", do="Wait, or interrupt it")
    known = request.resume.frozen if request.resume else {}
    values = {**{name: declared.default for name, declared in request.spec.parameters.items()}, **request.values}
    frozen = freeze(request.spec, run_id, values, selected - known.keys())
    asked = replace(request, run_id=run_id, selected=selected, values=values)
    record = _again(asked, request.resume, frozen) if request.resume else _record(asked, workspace, frozen)
    with ExitStack() as stack:
        stack.enter_context(Lease(folder / "lease.json"))
        (folder / "spec.json").write_text(write(request.spec), encoding="utf-8")
        (folder / "run.json").write_text(json.dumps({"version": 1, **asdict(record)}, indent=1), encoding="utf-8")
        workspace.store.open_run(replace(record, state="RUNNING"))
        log = EventLog(folder / "events.ndjson", listeners)
        stack.callback(log.close)
        if pool is None and not request.debug:
            pool = stack.enter_context(Pool(workspace.place.project, folder / "servers.log"))
        workplace = _workplace(request, record.id, workspace, pool, log, interrupted or threading.Event())
        session = RunSession(request, record, workplace, log, workspace.place.beam_args, frozen.failures)
        try:
            yield session
        except BaseException as error:
            session.abandon(error)
            raise


def _again(request: Request, before: Run, frozen: Frozen) -> Run:
    """Go on with a run: what it knew stays, what it did not know yet is added."""
    values, spans = {**request.values, **before.values}, {**before.frozen, **frozen.values}
    return replace(before, values=values, frozen=spans, selected=sorted(request.selected or ()))


def _record(request: Request, workspace: Workspace, frozen: Frozen) -> Run:
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
    run_id: str,
    workspace: Workspace,
    pool: Pool | None,
    log: EventLog,
    interrupted: threading.Event,
) -> Workplace:
    return Workplace(
        store=workspace.store,
        state=workspace.place.state,
        project=workspace.place.project,
        pool=pool,
        rules=request.rules,
        interrupted=interrupted,
        told=_telling(request.spec, log, pool),
        watch=_progress(log, run_id),
    )


def _telling(spec: PipelineSpec, log: EventLog, pool: Pool | None) -> Callable[[Execution], None]:
    """Log every change; when the first executor starts, have the imports of the others done meanwhile."""
    warmed = threading.Event()

    def told(execution: Execution) -> None:
        log.node_changed(execution)
        if pool and isinstance(execution.status, Running) and not warmed.is_set():
            warmed.set()
            for environment in sorted({node.environment for node in spec.nodes} - {"bare"}):
                pool.warm(environment)

    return told


def _progress(log: EventLog, run_id: str) -> Callable[[str], Callable[[dict[str, Any]], None]]:
    def watcher(node: str) -> Callable[[dict[str, Any]], None]:
        def told(report: dict[str, Any]) -> None:
            data = {name: report[name] for name in ("what", "done", "total", "text")}
            log.write(Event(event="progress", run=run_id, node=node, data=data))

        return told

    return watcher


class RunSession:
    """A run that is open: `begin`, then the nodes in an orchestrator's order, then `finish`."""

    def __init__(
        self,
        request: Request,
        record: Run,
        workplace: Workplace,
        log: EventLog,
        beam_args: tuple[str, ...],
        failures: Mapping[str, Failed],
    ) -> None:
        self.request, self.record, self.workplace, self.log = request, record, workplace, log
        self.beam_args, self.failures = beam_args, failures
        self.executions: dict[str, Execution] = {}
        self.standing: dict[str, Standing] = {node.id: "waiting" for node in request.spec.nodes}
        self.schedule = Schedule.of(request.spec)
        self.nodes = {node.id: node for node in self.schedule.nodes}

    @property
    def is_interrupted(self) -> bool:
        return self.workplace.interrupted.is_set()

    def begin(self) -> None:
        """Say that the run begins, and let the last results of nodes that were not selected stand."""
        started = Event(event="run_state", run=self.record.id, to="RUNNING", data={"nodes": list(self.nodes)})
        self.log.write(started)
        self._take_unselected()

    def coming(self) -> Next:
        """Return what may start; what will not is recorded, and so is a node whose freezer failed."""
        while True:
            coming = self.schedule.next(self.standing, keep_going=self.request.keep_going)
            for name, reason in coming.give_up.items():
                self.stop(name, Skip(reason))
            broken = [name for name in coming.start if name in self.failures]
            for name in broken:
                self.stop(name, self.failures[name])
            if not broken:
                return coming

    def launch(self, name: str) -> Execution:
        """Take one node its way; may be called by several threads, for different nodes."""
        return launch(self._node_run(name), self.workplace)

    def ended(self, name: str, execution: Execution) -> None:
        """Take in how a node ended."""
        self.executions[name] = execution
        if execution.succeeded:
            self.standing[name] = "succeeded"
        else:
            self.standing[name] = "failed" if isinstance(execution.status, Failed) else "stopped"

    def stop(self, name: str, status: Skip | Canceled | Failed) -> None:
        """Record a node that is not launched."""
        self.ended(name, self._recorded(name, status))

    def finish(self) -> Finished:
        """Record how the run ended."""
        for name, how in self.standing.items():
            if how == "waiting":
                self.stop(name, Canceled("interrupted"))
        finished = Finished(self.record, self.executions)
        states: dict[ExitCode, RunState] = {
            ExitCode.INTERRUPTED: "CANCELED",
            ExitCode.NODE_FAILED: "FAILED",
            ExitCode.GATE: "BLOCKED",
        }
        return Finished(self._close(states.get(finished.exit_code(), "COMPLETE")), self.executions)

    def abandon(self, error: BaseException) -> None:
        """Record, as far as the store can be reached, that the orchestrator itself failed."""
        store = self.workplace.store
        if self.workplace.pool:
            self.workplace.pool.cancel()
        for execution in store.in_run(self.record.id):
            if isinstance(execution.status, Running):
                how = Failed(type=type(error).__name__, message=str(error), permanent=True)
                self.log.node_changed(close_dead(execution, store, self.workplace.state, how))
        self._close("FAILED")

    def _close(self, state: RunState) -> Run:
        ended = replace(self.record, state=state, ended=time.time())
        self.workplace.store.close_run(ended)
        self.log.write(Event(event="run_state", run=ended.id, was="RUNNING", to=ended.state))
        return ended

    def _node_run(self, name: str) -> NodeRun:
        node = self.nodes[name]
        beam_args = (*self.beam_args, *node.options.beam_args)
        return NodeRun(
            pipeline=self.record.pipeline,
            run=self.record.id,
            node=replace(node, options=replace(node.options, beam_args=beam_args)),
            values=self.record.values,
            frozen=self.record.frozen.get(name, {}),
        )

    def _recorded(
        self, name: str, status: Skip | Canceled | Failed | Cached, earlier: Execution | None = None
    ) -> Execution:
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
        begun = self.workplace.store.begin(execution)
        self.log.node_changed(begun)
        return begun

    def _take_unselected(self) -> None:
        """Let the last results of nodes that were not selected stand, where selected ones read them."""
        selected = set(self.record.selected)
        needed = {name for node in selected for name in self.schedule.waits[node]}
        for name in self.nodes:
            if name in selected:
                continue
            if name not in needed:
                self.stop(name, Skip("not selected"))
                continue
            earlier = self._last(name)
            stands = Cached(earlier.id, f"not selected: as {earlier.name}")
            self.ended(name, self._recorded(name, stands, earlier))

    def _last(self, name: str) -> Execution:
        for execution in self.workplace.store.of_node(self.record.pipeline, name, 50):
            if execution.succeeded and execution.run != self.record.id:
                return execution
        raise LaunchError(
            found=f"{name} is not selected and has never finished",
            expected="a result of it that selected nodes can read",
            do=f"Run once without --from and --only, or select {name} too",
        )
