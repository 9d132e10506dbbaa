"""Follows a run in Kubeflow until it ends, and says how it ended."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


def watch(client: Client, run_id: str, clock: Clock) -> Iterator[KubeflowRun]:
    """Look at a run again and again, until it has ended."""
    heard = clock.now()
    while True:
        try:
            run = client.run(run_id)
        except RemoteError as error:
            away = error.status == 0 or error.status >= 500  # noqa: PLR2004  HTTP's class of server errors
            if not away or clock.now() - heard > clock.patience:
                raise
        else:
            heard = clock.now()
            yield run
            if run.ended:
                return
        clock.sleep(clock.interval)


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
