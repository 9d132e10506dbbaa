"""Follows a run in Kubeflow until it ends, and says how it ended."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from headrace.errors import ExitCode, RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.names import NODES, OUTCOME
from headrace.kubeflow.resources import GOOD, KubeflowRun, Task

OWN_STEPS = frozenset({"", "root", "executor", NODES})
OWN_NAME = re.compile(r"-driver$|\(\d+\)$")
"""What Kubeflow calls the steps that it puts around tasks, and the attempts at one."""


@dataclass(frozen=True)
class Clock:
    """How time passes for whoever waits; an outage of the API is borne for `patience` seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    interval: float = 2.0
    patience: float = 300.0


def watch(
    client: Client, run_id: str, clock: Clock, told: Callable[[str], None], *, unseen: bool = False
) -> Iterator[KubeflowRun]:
    """Look at a run again and again, until it has ended; `told` is called when an outage begins, and when it ends.

    The first answer about an `unseen` run is not waited for: its endpoint may be wrong.
    """
    heard, is_away = clock.now(), False
    while True:
        try:
            run = client.run(run_id)
        except RemoteError as error:
            if unseen or not _is_outage(error) or clock.now() - heard > clock.patience:
                raise
            if not is_away:
                told(f"{error.found}: waiting for it, up to {clock.patience:g} s")
            is_away = True
        else:
            if is_away:
                told(f"{client.endpoint.url} answers again after {clock.now() - heard:.0f} s")
            heard, is_away, unseen = clock.now(), False, False
            yield run
            if run.ended:
                return
        clock.sleep(clock.interval)


def _is_outage(error: RemoteError) -> bool:
    return error.status == 0 or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def shown_tasks(run: KubeflowRun) -> list[Task]:
    """List the tasks that users know, in the order in which they began, without Kubeflow's drivers and groups."""
    own = [task for task in run.tasks if task.name not in OWN_STEPS and not OWN_NAME.search(task.name)]
    newest = {task.name: task for task in own}
    return sorted(newest.values(), key=lambda task: (task.started or "~", task.name))


def exit_code(run: KubeflowRun) -> ExitCode:
    """Say how a run ended: where only `outcome` failed, a gate stopped something."""
    if run.state in GOOD:
        return ExitCode.OK
    failed = [task.name for task in shown_tasks(run) if task.state == "FAILED"]
    return ExitCode.GATE if failed == [OUTCOME] else ExitCode.NODE_FAILED
