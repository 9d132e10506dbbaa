"""A run that is stopped, and one that goes on after a failure."""

import os
import signal
import time

import pytest

from tests.end_to_end.project import FEATURES, NODES, Project, executors_below, processes_below


def wait_for_executor(pid: int, seconds: float = 120) -> int:
    """Wait until a run has an executor at work."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := executors_below(pid):
            return found[0]
        time.sleep(0.01)
    raise AssertionError("no executor was started")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGINT, 130, id="ctrl-c"),
        pytest.param(signal.SIGTERM, 143, id="terminated", marks=pytest.mark.slow),
    ],
)
def test_a_stopped_run_is_canceled_and_never_running(number: int, code: int, fresh: Project) -> None:
    with fresh.start("run", "penguins") as process:
        wait_for_executor(process.pid)
        below = processes_below(process.pid)
        os.kill(process.pid, number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "--resume" in err
    assert set(fresh.states().values()) == {"CANCELED"}
    assert fresh.store().runs()[0].state == "CANCELED"
    assert fresh.half_written() == []
    assert [pid for pid in below if os.path.exists(f"/proc/{pid}/exe")] == []


def test_resume_finds_all_that_was_done(warm: Project) -> None:
    warm.edit(FEATURES, "outputs = {", "raise ValueError('too early')\n    outputs = {")
    failed = warm.headrace("run", "penguins")
    assert failed.code == 1
    run = warm.last_run()
    assert warm.states()["Transform"] == "FAILED"
    warm.edit(FEATURES, "raise ValueError('too early')\n    ", "")
    resumed = warm.headrace("run", "--resume", "@latest")
    assert resumed.code == 0, resumed.err
    assert warm.last_run() == run
    assert warm.states() == dict.fromkeys(NODES, "CACHED")
    assert warm.last()["Transform"].attempt == 2
    assert warm.store().runs()[0].state == "COMPLETE"


@pytest.mark.slow
def test_resume_runs_what_the_fix_changed(warm: Project) -> None:
    warm.edit(FEATURES, "OUT_OF_VOCABULARY = 1", "OUT_OF_VOCABULARY = None")
    failed = warm.headrace("run", "penguins", "-p", "epochs=11")
    assert failed.code == 1
    run = warm.last_run()
    warm.edit(FEATURES, "OUT_OF_VOCABULARY = None", "OUT_OF_VOCABULARY = 2")
    resumed = warm.headrace("run", "--resume", run)
    assert resumed.code == 0, resumed.err
    cached = ("ExampleGen", "StatisticsGen", "SchemaGen", "Validator")
    assert warm.states(run) == {name: "CACHED" if name in cached else "COMPLETE" for name in NODES}
    assert warm.last(run)["Trainer"].parameters["custom_config"] == {"epochs": 11}
