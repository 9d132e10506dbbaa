"""Forkservers: a process for every executor, and nothing that outlives its orchestrator."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace.errors import SpecError
from headrace.spec.codec import read, write
from headrace.spec.messages import Answer, Failed, Invocation, Succeeded
from headrace.workers.environments import environment_set
from headrace.workers.pool import Call, Pool


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:  # in place of the one that all tests share
    with Pool(Path.cwd(), tmp_path / "servers.log") as own:
        yield own


def invocation(folder: Path, how: str) -> Invocation:
    made = folder / "made"
    made.mkdir(parents=True, exist_ok=True)
    return Invocation(
        executor="tests.parts:misbehave",
        inputs={},
        parameters={"how": how, "memory": str(folder / "memory")},
        functions={},
        outputs={"made": str(made)},
        beam_args=(),
        project=str(Path.cwd()),
        work=str(folder / "work"),
    )


def call(pool: Pool, folder: Path, how: str, watch: Callable[[dict[str, Any]], None] | None = None) -> Call:
    told = folder / "invocation.json"
    told.write_text(write(invocation(folder, how)), encoding="utf-8")
    return pool.call("bare", told, folder / "result.json", folder / "log", watch)


def result(folder: Path) -> object:
    return read(Answer, (folder / "result.json").read_text(encoding="utf-8")).result


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(what: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_a_call_leaves_its_result_and_what_it_used(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "memory").touch()
    ended = call(pool, tmp_path, "recover")
    assert ended.done.wait(20)
    assert (ended.status, result(tmp_path)) == (0, Succeeded({"made": {}}))
    assert ended.cpu > 0
    assert ended.memory > 1 << 20
    assert ended.pid not in (0, os.getpid())


def test_the_log_holds_what_the_process_prints_by_any_way(pool: Pool, tmp_path: Path) -> None:
    assert call(pool, tmp_path, "speak").done.wait(20)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "through print" in log
    assert "through the number 2" in log


def test_progress_arrives(pool: Pool, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    assert call(pool, tmp_path, "report", told.append).done.wait(20)
    wait_until(lambda: bool(told))
    assert [(t["what"], t["done"], t["total"], t["text"]) for t in told] == [("step", 1, 2, "half way")]


def test_a_failure_comes_back_as_a_result(pool: Pool, tmp_path: Path) -> None:
    assert call(pool, tmp_path, "raise").done.wait(20)
    failed = result(tmp_path)
    assert isinstance(failed, Failed)
    assert (failed.type, failed.message) == ("ValueError", "cannot raise")


@pytest.mark.parametrize(("how", "status"), [("die", 9), ("killed", -9)])
def test_a_process_that_dies_leaves_its_status_and_no_result(pool: Pool, tmp_path: Path, how: str, status: int) -> None:
    ended = call(pool, tmp_path, how)
    assert ended.done.wait(20)
    assert (ended.status, (tmp_path / "result.json").exists()) == (status, False)


def test_killing_a_call_ends_its_whole_group(pool: Pool, tmp_path: Path) -> None:
    hanging = call(pool, tmp_path, "hang")
    assert hanging.started.wait(20)
    hanging.kill()
    assert hanging.done.wait(20)
    assert (hanging.status, is_alive(hanging.pid)) == (-9, False)


def test_calls_run_side_by_side(pool: Pool, tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(3)]
    for folder in folders:
        folder.mkdir()
    calls = [call(pool, folder, "hang") for folder in folders]
    assert all(one.started.wait(20) for one in calls)
    assert len({one.pid for one in calls}) == 3
    pool.cancel()
    assert all(one.done.wait(20) and one.canceled for one in calls)


def test_a_cancel_ends_what_runs_and_a_later_call_works(pool: Pool, tmp_path: Path) -> None:
    hanging = call(pool, tmp_path, "hang")
    pool.cancel()
    assert hanging.done.wait(20)
    assert hanging.canceled
    later = call(pool, tmp_path, "speak")
    assert later.done.wait(20)
    assert not later.canceled


def test_a_server_that_was_killed_ends_its_calls_and_the_next_call_works(pool: Pool, tmp_path: Path) -> None:
    hanging = call(pool, tmp_path, "hang")
    assert hanging.started.wait(20)
    (server,) = pool._servers.values()
    os.kill(server.process.pid, signal.SIGKILL)
    assert hanging.done.wait(20)
    assert hanging.status is None
    wait_until(lambda: not is_alive(hanging.pid))
    (tmp_path / "memory").touch()
    assert call(pool, tmp_path, "recover").done.wait(20)
    assert result(tmp_path) == Succeeded({"made": {}})


def test_closing_a_pool_ends_what_it_started(tmp_path: Path) -> None:
    with Pool(Path.cwd(), tmp_path / "servers.log") as own:
        hanging = call(own, tmp_path, "hang")
        assert hanging.started.wait(20)
        (server,) = own._servers.values()
    wait_until(lambda: not is_alive(hanging.pid))
    assert server.process.poll() is not None


def test_an_unknown_set_of_imports_is_refused(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(
        SpecError, match=r"the environment 'jax'; expected one of \['bare', 'beam', 'keras3', 'tf_keras'\]"
    ):
        environment_set("jax")
    with pytest.raises(SpecError):
        pool.call("jax", tmp_path, tmp_path, tmp_path)


ORCHESTRATOR = """
import sys, time
from pathlib import Path
from headrace.workers.pool import Pool
folder = Path(sys.argv[1])
pool = Pool(Path.cwd(), folder / "servers.log")
call = pool.call("bare", folder / "invocation.json", folder / "result.json", folder / "log")
call.started.wait(30)
(server,) = pool._servers.values()
print(server.process.pid, call.pid, flush=True)
time.sleep(600)
"""


def test_the_death_of_the_orchestrator_kills_server_and_children(tmp_path: Path) -> None:
    (tmp_path / "invocation.json").write_text(write(invocation(tmp_path, "hang")), encoding="utf-8")
    command = [sys.executable, "-c", ORCHESTRATOR, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as orchestrator:
        assert orchestrator.stdout is not None
        server, child = map(int, orchestrator.stdout.readline().split())
        assert (is_alive(server), is_alive(child)) == (True, True)
        orchestrator.kill()
    wait_until(lambda: not is_alive(server) and not is_alive(child))


def test_a_kill_that_comes_at_once_is_not_lost(pool: Pool, tmp_path: Path) -> None:
    """A process has no group of its own in its first moments."""
    for _ in range(10):
        hanging = call(pool, tmp_path, "hang")
        assert hanging.started.wait(20)
        hanging.kill()
        assert hanging.done.wait(20)
        assert hanging.status == -9
