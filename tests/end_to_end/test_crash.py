"""A run that is killed at any moment leaves nothing that the next run trips over; several runs share one store."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.project import (
    NODES,
    Project,
    accuracy,
    copy_of,
    kill_all,
    processes_below,
)
from tests.metadata.executions import whole_executions

KILLS = int(os.environ.get("HEADRACE_TEST_KILLS", "5"))
UP_TO_TRANSFORM = NODES[:5]

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


def digests(project: Project) -> dict[str, list[str]]:
    """The contents up to Transform: beyond it, training does not promise equal bytes."""
    last = project.last()
    return {n: [a.digest for made in last[n].outputs.values() for a in made] for n in UP_TO_TRANSFORM}


def check_recovered(project: Project, reference: Project) -> None:
    assert set(project.states().values()) <= {"COMPLETE", "CACHED"}
    assert "RUNNING" not in project.everywhere()
    assert [run.state for run in project.store().runs() if run.state == "RUNNING"] == []
    assert project.half_written() == []
    assert list((project.folder / ".headrace").glob("runs/*/lease.json")) == []
    assert digests(project) == digests(reference)
    assert accuracy(project) >= 0.9
    assert all(Path(a.path).is_dir() for e in project.last().values() for made in e.outputs.values() for a in made)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_was_killed_is_made_good_by_the_next(number: int, fresh: Project, ran: Project) -> None:
    run = ran.store().runs()[0]
    # Fixed seed: the moments are the same in every session, over all of the run's length.
    moment = random.Random(20260701 + number).uniform(0.3, run.ended - run.started)
    with fresh.start("run", "penguins") as process:
        time.sleep(moment)
        below = processes_below(process.pid)
        if number % 2:
            kill_all(process)
        else:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
    wait_until_gone(below)
    said = fresh.headrace("run", "penguins", seconds=600)
    assert said.code == 0, said.err
    check_recovered(fresh, ran)


def wait_until_gone(pids: list[int], seconds: float = 20) -> None:
    """Executors end with their orchestrator, however it ended."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if os.path.exists(f"/proc/{pid}/exe")]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)


def test_what_a_dead_run_left_is_closed_as_failed(fresh: Project) -> None:
    with fresh.start("run", "penguins", "--to", "ExampleGen") as process:
        while not list(fresh.root.glob("ExampleGen/.staging-*")):
            time.sleep(0.002)
            assert process.poll() is None
        kill_all(process)
    said = fresh.headrace("run", "penguins", "--to", "ExampleGen")
    assert said.code == 0, said.err
    dead, alive = sorted((e for e in whole_executions(fresh.store()) if e.node == "ExampleGen"), key=lambda e: e.id)
    assert (type(dead.status).__name__, type(alive.status).__name__) == ("Failed", "Complete")
    assert getattr(dead.status, "message", "") == "process died"
    assert [run.state for run in fresh.store().runs()] == ["COMPLETE", "FAILED"]
    assert fresh.half_written() == []


def test_four_runs_at_once_share_a_store(fresh: Project) -> None:
    started = [fresh.start("run", "penguins", "--to", "Transform") for _ in range(4)]
    ended = [process.communicate(timeout=600) for process in started]
    assert [process.returncode for process in started] == [0] * 4, [err for _, err in ended]
    runs = fresh.store().runs()
    assert [run.state for run in runs] == ["COMPLETE"] * 4
    states = [fresh.states(run.id) for run in runs]
    for node in UP_TO_TRANSFORM:
        assert sorted(one[node] for one in states) == ["CACHED", "CACHED", "CACHED", "COMPLETE"], node
    assert len(fresh.everywhere()) == 4 * len(NODES)
    assert fresh.half_written() == []


def test_four_runs_at_once_over_a_finished_one_are_cached(ran: Project, tmp_path: Path) -> None:
    project = copy_of(ran, tmp_path / "four")
    started = [project.start("run", "penguins") for _ in range(4)]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * 4, [err for _, err in ended]
    runs = project.store().runs(4)
    assert len(project.store().runs()) == 5
    assert [project.states(run.id) for run in runs] == [dict.fromkeys(NODES, "CACHED")] * 4
