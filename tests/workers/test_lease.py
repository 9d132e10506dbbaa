"""Leases: what tells that a run is alive, here and on another host."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from headrace.errors import UnfitEnvironment
from headrace.workers import lease
from headrace.workers.lease import Lease, dead_among, is_dead, read_holder, this_process, write_holder


def test_a_lease_is_held_while_its_block_runs(tmp_path: Path) -> None:
    file = tmp_path / "run" / "lease.json"
    with Lease(file):
        holder = read_holder(file)
        assert holder is not None
        assert (holder.pid, is_dead(file)) == (os.getpid(), False)
    assert (file.exists(), is_dead(file)) == (False, True)


def test_a_lease_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT", 0.01)
    file = tmp_path / "lease.json"
    with Lease(file):
        deadline = time.monotonic() + 10
        while (holder := read_holder(file)) is None or holder.counter < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_holder_is_dead_when_its_process_is(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    code = (
        "import sys; from pathlib import Path; from headrace.workers.lease import *; "
        "write_holder(Path(sys.argv[1]), this_process()); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert not is_dead(file)
        holder.kill()
        holder.wait()
        assert is_dead(file)


def test_another_process_with_the_same_number_does_not_keep_a_lease(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    write_holder(file, replace(this_process(), born="1"))
    assert is_dead(file)


def test_a_boot_ends_all_leases_of_its_host(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    write_holder(file, replace(this_process(), boot="another"))
    assert is_dead(file)


def test_a_holder_elsewhere_is_dead_when_its_counter_stands_still(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    write_holder(file, replace(this_process(), host="elsewhere", pid=1, born=""))
    began = time.monotonic()
    assert is_dead(file, patience=0.3)
    assert time.monotonic() - began >= 0.3


def test_a_holder_elsewhere_lives_while_its_counter_moves(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    holder = replace(this_process(), host="elsewhere", pid=1, born="")
    write_holder(file, holder)
    stop = threading.Event()

    def beat() -> None:
        counter = 0
        while not stop.wait(0.05):
            counter += 1
            write_holder(file, replace(holder, counter=counter))

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        assert not is_dead(file, patience=5.0)
    finally:
        stop.set()
        thread.join()


def test_a_lease_that_cannot_be_read_is_dead(tmp_path: Path) -> None:
    file = tmp_path / "lease.json"
    assert is_dead(file)
    for text in ("", "{", "[]", '{"host": "x"}'):
        file.write_text(text, encoding="utf-8")
        assert read_holder(file) is None
        assert is_dead(file)


def test_leases_of_other_hosts_are_watched_together(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.json" for name in "abc"]
    for file in files:
        write_holder(file, replace(this_process(), host="elsewhere"))
    began = time.monotonic()
    assert dead_among(files, patience=0.3) == files
    assert time.monotonic() - began < 3 * 0.3


def test_a_lease_that_cannot_be_read_is_not_taken_for_a_dead_one(tmp_path: Path) -> None:
    (tmp_path / "lease.json").mkdir()
    with pytest.raises(UnfitEnvironment, match=r"lease\.json cannot be read"):
        is_dead(tmp_path / "lease.json")


def test_a_beat_that_cannot_be_written_is_not_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT", 0.01)
    folder = tmp_path / "run"
    with Lease(folder / "lease.json"):
        folder.rename(tmp_path / "aside")
        time.sleep(0.1)
        folder.mkdir()
        deadline = time.monotonic() + 10
        while read_holder(folder / "lease.json") is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
