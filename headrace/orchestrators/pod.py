"""One node of a shared run in a pod of its own, by the same launcher; Kubeflow owns order and retries."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from headrace.launcher.decide import decide, failure
from headrace.launcher.launch import Workplace, launch
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Execution, Run, Running
from headrace.orchestrators.events import EventLog, Listener
from headrace.orchestrators.kept_logs import keep_log
from headrace.orchestrators.open_run import ending_executors, watching
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.session import RunSession, node_run_of, record_unlaunched
from headrace.orchestrators.shared_run import SharedRequest, alone, amend, frozen_for, join_run, node_claim
from headrace.orchestrators.sweep import close_dead
from headrace.orchestrators.workspace import Workspace
from headrace.spec.messages import Block, Canceled, Failed, NodeRun, Skip
from headrace.workers.pool import Pool

UNRECORDED = Failed(
    type="PodFailed", message="its pod failed before it could record anything: see the pod's events and log in Kubeflow"
)


@dataclass(frozen=True)
class Pod:
    """A pod that has started: what it is told, what it opened, who hears of changes, and what stops it."""

    request: SharedRequest
    workspace: Workspace
    listeners: tuple[Listener, ...] = ()
    interrupted: threading.Event = field(default_factory=threading.Event)


def launch_node(name: str, pod: Pod) -> Execution:
    """Run one node to a recorded end; where it has ended already, in a pod that was killed later, return that end."""
    record = join_run(pod.request, pod.workspace, pod.interrupted)
    node = pod.request.node(name)
    node = replace(node, options=replace(node.options, retries=0))
    with (
        alone(pod.workspace.claims, node_claim(record.id, name), pod.interrupted) as mine,
        _workplace(record, pod) as (workplace, _),
    ):
        if not mine or pod.interrupted.is_set():
            return record_unlaunched(record, node, Canceled("interrupted"), pod.workspace.store)
        known = frozen_for(node, _reopened(record, pod), pod.workspace, pod.interrupted)
        if isinstance(known, Failed):
            return record_unlaunched(record, node, known, pod.workspace.store)
        node_run = node_run_of(known, node, pod.request.beam_args)
        with pod.workspace.store.remembering(record.id):
            ended = _ended_before(node_run, workplace)
            if ended is None:
                ended = launch(node_run, workplace)
                keep_log(ended, workplace.project / ended.log, workplace.store.root)
            return ended


def outcome(pod: Pod) -> Finished:
    """Tell how the nodes of the run have ended so far."""
    record = join_run(pod.request, pod.workspace)
    return Finished(record, last_attempts(pod.workspace.store.in_run(record.id)))


def fail_node(name: str, error: Exception, pod: Pod) -> None:
    """Record that a node's pod could not launch it."""
    record = join_run(pod.request, pod.workspace, pod.interrupted)
    node = pod.request.node(name)
    record_unlaunched(record, node, failure(error), pod.workspace.store)


def close(pod: Pod, ended: str = "") -> Finished:
    """Close the run: launch what runs in any case and was not started, record the rest with its reason.

    `ended` is how Kubeflow says that the nodes ended. Where it says FAILED and no record does, the pods that could have
    started failed before they could record anything: no image, no memory, no store.
    """
    finished = outcome(pod)
    with _workplace(finished.run, pod) as (workplace, log):
        request = Request(spec=pod.request.spec, values=finished.run.values, run_id=finished.run.id)
        session = RunSession(request, finished.run, workplace, log, pod.request.beam_args, {})
        for name, execution in finished.executions.items():
            if isinstance(execution.status, Running):
                execution = close_dead(execution, workplace.store, workplace.state)  # noqa: PLW2901  its end
            session.ended(name, execution)
        if ended == "FAILED" and "failed" not in session.standing.values():
            for name in [name for name in session.coming().start if not _runs_always(name, session)]:
                session.stop(name, UNRECORDED)
        while always := [name for name in session.coming().start if _runs_always(name, session)]:
            for name in always:
                session.ended(name, launch_node(name, pod))
        return session.finish()


def _runs_always(name: str, session: RunSession) -> bool:
    return session.nodes[name].options.run_if == "always" or name == session.schedule.on_exit


def _ended_before(node_run: NodeRun, workplace: Workplace) -> Execution | None:
    """Find how the node has ended in this run already; what a dead pod left is closed first.

    Kubeflow may start a pod twice, or again after its commit. One that was stopped is asked anew: when Kubeflow tries a
    failed run again, what stopped it may be gone.
    """
    before = last_attempts(workplace.store.in_run(node_run.run)).get(node_run.node.id)
    if before is None:
        return None
    if isinstance(before.status, Running):
        close_dead(before, workplace.store, workplace.state)
        return None
    if before.succeeded:
        return before
    stopped = isinstance(before.status, Skip | Block)
    now = decide(node_run, workplace.store, workplace.project, workplace.rules) if stopped else None
    return before if stopped and now == before.status else None


def _reopened(record: Run, pod: Pod) -> Run:
    """Say that a run goes on that had ended: Kubeflow tries a failed one again."""
    if record.state == "RUNNING":
        return record
    return amend(record, lambda known: replace(known, state="RUNNING", ended=0.0), pod.workspace, pod.interrupted)


@contextmanager
def _workplace(record: Run, pod: Pod) -> Iterator[tuple[Workplace, EventLog]]:
    """Make what a launcher works with, for one pod."""
    place = pod.workspace.place
    folder = place.state.run_folder(record.id)
    folder.mkdir(parents=True, exist_ok=True)
    log = EventLog(folder / "events.ndjson", pod.listeners, place.root)
    with Pool(place.project, folder / "servers.log") as pool, ending_executors(pod.interrupted, pool):
        try:
            workplace = Workplace(
                store=pod.workspace.store,
                state=place.state,
                claims=pod.workspace.claims,
                project=place.project,
                pool=pool,
                interrupted=pod.interrupted,
                told=log.node_changed,
                watch=watching(log, record.id),
            )
            yield workplace, log
        finally:
            log.close()
