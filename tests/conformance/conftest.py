"""Every component that ships, run on what one run of the penguins made."""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from headrace.cli.components import shipped
from headrace.dsl.component import Component
from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Execution
from headrace.orchestrators.request import Finished
from headrace.workers.pool import Pool
from tests.conformance.nodes import Shelf, node_of
from tests.conftest import Lab
from tests.end_to_end.project import executors_below, penguins_that_ran

GLIMPSE = 0.3
"""Seconds that an executor is left to work before it is killed, unless it writes something earlier."""


@dataclass(frozen=True)
class Trial:
    """One component in a store of its own: killed, run, run again."""

    kind: type[Component]
    lab: Lab
    node: Component
    killed: Execution
    left_by_the_killed: list[str]
    first: Execution
    again: Execution


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """What the penguins' run made."""
    return Shelf(penguins_that_ran(tmp_path_factory.getbasetemp()).last())


@pytest.fixture(scope="module", params=shipped(), ids=lambda kind: kind.__name__)
def trial(request: pytest.FixtureRequest, shelf: Shelf, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    kind: type[Component] = request.param
    folder = tmp_path_factory.mktemp(kind.__name__)
    lab = Lab(folder, pool)
    node = node_of(kind, shelf, folder)
    pool.warm(kind.environment)
    killed = run_and_kill(lab, node)
    left = [str(path) for path in lab.root.glob(f"*/*{killed.id}")]
    first = only(lab.run(node, rules=CacheRules(refresh=True)))
    return Trial(kind, lab, node, killed, left, first, only(lab.run(node)))


def only(finished: Finished) -> Execution:
    (execution,) = finished.executions.values()
    return execution


def run_and_kill(lab: Lab, node: Component) -> Execution:
    """Kill the executor while it works; one that was quicker is tried again, and killed as soon as it is there."""
    for patience in (GLIMPSE, 0.0, 0.0, 0.0, 0.0):
        ended = threading.Event()
        killer = threading.Thread(target=_kill_executor, args=(lab.root, patience, ended))
        killer.start()
        execution = only(lab.run(node, rules=CacheRules(refresh=True)))
        ended.set()
        killer.join()
        if not execution.succeeded:
            return execution
    raise AssertionError(f"{type(node).__name__} always ended before it was killed")


def _kill_executor(root: Path, patience: float, ended: threading.Event) -> None:
    while not (found := executors_below(os.getpid())):
        if ended.wait(0.001):
            return
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and not any(path.is_file() for path in root.glob("*/.staging-*/*/*")):
        time.sleep(0.002)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
