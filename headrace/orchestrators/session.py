"""One run while it goes on: its record, how every node stands, and the acts that an orchestrator calls in its order."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from headrace.errors import ExitCode
from headrace.launcher.launch import Workplace, launch
from headrace.metadata.records import Cached, Execution, Run, Running, RunState
from headrace.metadata.store import Store
from headrace.orchestrators.events import Event, EventLog
from headrace.orchestrators.last_result import last_result
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.scheduler import Next, Schedule, Standing
from headrace.orchestrators.sweep import close_dead
from headrace.spec.messages import Canceled, Failed, NodeRun, Skip
from headrace.spec.records import NodeSpec
from headrace.user_code import memo


def write_run(folder: Path, run: Run) -> None:
    """Write `run.json`, for readers without ML Metadata; on a full disk the store alone knows."""
    with suppress(OSError):
        text = json.dumps({"version": 1, **asdict(run)}, indent=1)
        (folder / "run.json").write_text(text, encoding="utf-8")


def node_run_of(record: Run, node: NodeSpec, beam_args: tuple[str, ...]) -> NodeRun:
    """Take what a node is told from the record of its run; `beam_args` come before its own."""
    options = replace(node.options, beam_args=(*beam_args, *node.options.beam_args))
    return NodeRun(
        pipeline=record.pipeline,
        run=record.id,
        node=replace(node, options=options),
        values=record.values,
        frozen=record.frozen.get(node.id, {}),
    )


def record_unlaunched(
    run: Run, node: NodeSpec, status: Skip | Canceled | Failed | Cached, store: Store, earlier: Execution | None = None
) -> Execution:
    """Record a node that is not launched, and how it stands; `earlier` is the execution whose outputs stand for its."""
    tried = [e.attempt for e in store.in_run(run.id) if e.node == node.id]
    now = time.time()
    return store.begin(
        Execution(
            pipeline=run.pipeline,
            run=run.id,
            node=node.id,
            component=node.component,
            process_type=node.process_type,
            status=status,
            attempt=1 + max(tried, default=0),
            outputs=earlier.outputs if earlier else {},
            started=now,
            ended=now,
        )
    )


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
        """Record, as far as the store can be reached, that the orchestrator failed, or was told to end at once."""
        store = self.workplace.store
        if self.workplace.pool:
            self.workplace.pool.cancel()
        is_interrupt = isinstance(error, KeyboardInterrupt)
        failed = Failed(type=type(error).__name__, message=str(error), permanent=True)
        how = Canceled("interrupted") if is_interrupt else failed
        for execution in store.in_run(self.record.id):
            if isinstance(execution.status, Running):
                self.log.node_changed(close_dead(execution, store, self.workplace.state, how))
        self._close("CANCELED" if is_interrupt else "FAILED")

    def _close(self, state: RunState) -> Run:
        # Another host may have opened the run, by its own clock.
        ended = replace(self.record, state=state, ended=max(time.time(), self.record.started))
        self.workplace.store.close_run(ended)
        memo.save()
        write_run(self.workplace.state.run_folder(ended.id), ended)
        self.log.write(Event(event="run_state", run=ended.id, was="RUNNING", to=ended.state))
        return ended

    def _node_run(self, name: str) -> NodeRun:
        return node_run_of(self.record, self.nodes[name], self.beam_args)

    def _recorded(
        self, name: str, status: Skip | Canceled | Failed | Cached, earlier: Execution | None = None
    ) -> Execution:
        unlaunched = record_unlaunched(self.record, self.nodes[name], status, self.workplace.store, earlier)
        self.log.node_changed(unlaunched)
        return unlaunched

    def _take_unselected(self) -> None:
        """Let the last results of nodes that were not selected stand, where selected ones read them."""
        selected = set(self.record.selected) or set(self.nodes)
        needed = {name for node in selected for name in self.schedule.waits[node]}
        for name in self.nodes:
            if name in selected:
                continue
            if name not in needed:
                self.stop(name, Skip("not selected"))
                continue
            earlier = last_result(self.workplace.store, self.record.pipeline, name, self.record.id)
            stands = Cached(earlier.id, f"not selected: as {earlier.name}")
            self.ended(name, self._recorded(name, stands, earlier))
