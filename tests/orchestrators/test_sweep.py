"""After a run that was killed: its record is closed, what it left half-written is trashed, the next run is right."""

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Complete, Run, Running
from headrace.metadata.states import state_of
from headrace.orchestrators.sweep import sweep
from headrace.spec.messages import Failed
from headrace.storage.staging import Staging
from headrace.workers.claims import FileClaims
from headrace.workers.lease import this_process, write_holder
from tests.conftest import Lab, states
from tests.metadata.executions import running
from tests.orchestrators.long_run import nodes
from tests.parts import Rows, Source


def dead_run(lab: Lab, run_id: str = "20200101-000000-000000-dead") -> None:
    """Leave what a run leaves that was killed while its node worked."""
    lab.store.open_run(Run(id=run_id, pipeline="test"))
    begun = lab.store.begin(running(run=run_id, pipeline="test", node="Source", log="l"))
    staging = Staging(lab.root, "Source", begun.id)
    staging.make(["rows"])
    (staging.aside / "rows" / "rows.txt").write_text("half", encoding="utf-8")
    folder = lab.workspace.place.state.run_folder(run_id)
    folder.mkdir(parents=True)
    write_holder(folder / "lease.json", replace(this_process(), born="1"))


def test_a_dead_run_is_closed_and_swept_by_the_next(lab: Lab) -> None:
    dead_run(lab)
    state = lab.workspace.place.state
    assert states(lab.run(Source())) == {"Source": "COMPLETE"}
    (died,) = lab.store.in_run("20200101-000000-000000-dead")
    assert died.status == Failed(type="ProcessDied", message="process died", log="l")
    assert lab.store.run("20200101-000000-000000-dead").state == "FAILED"
    assert [p.name for p in (lab.root / "Source").iterdir() if p.name.startswith(".staging")] == []
    (trashed,) = state.trash.iterdir()
    assert (trashed / "rows" / "rows.txt").read_text(encoding="utf-8") == "half"
    assert not (state.run_folder("20200101-000000-000000-dead") / "lease.json").exists()


def test_a_folder_that_was_renamed_but_not_recorded_is_swept(lab: Lab) -> None:
    dead_run(lab)
    root = lab.root
    aside = next((root / "Source").iterdir())
    aside.rename(root / "Source" / "1")
    sweep(lab.store, lab.workspace.place.state, lab.workspace.claims)
    assert [*(root / "Source").iterdir()] == []


def test_a_living_run_is_left_alone(lab: Lab) -> None:
    dead_run(lab)
    lease = lab.workspace.place.state.run_folder("20200101-000000-000000-dead") / "lease.json"
    write_holder(lease, this_process())
    assert sweep(lab.store, lab.workspace.place.state, lab.workspace.claims) == []
    (execution,) = lab.store.in_run("20200101-000000-000000-dead")
    assert execution.status == Running()


def test_a_run_that_died_before_its_record_is_swept(lab: Lab) -> None:
    state = lab.workspace.place.state
    folder = state.run_folder("20200101-000000-000000-dead")
    folder.mkdir(parents=True)
    write_holder(folder / "lease.json", replace(this_process(), born="1"))
    assert sweep(lab.store, state, lab.workspace.claims) == ["20200101-000000-000000-dead"]
    assert sweep(lab.store, state, lab.workspace.claims) == []


def test_a_claim_of_a_dead_run_stops_nobody(lab: Lab) -> None:
    key = lab.run(Source()).executions["Source"].key
    assert key is not None
    claims = lab.workspace.place.state.claims
    write_holder(claims / f"{key.digest}.1", replace(this_process(), born="1"))
    assert states(lab.run(Source(), rules=CacheRules(refresh=True))) == {"Source": "COMPLETE"}


def start(folder: Path, name: str = "killed") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.orchestrators.long_run", str(folder), name]
    return subprocess.Popen(command, cwd=Path.cwd(), stdout=subprocess.PIPE, text=True)


def check(lab: Lab) -> None:
    """Run what was killed again: right, nothing RUNNING, nothing half-written, all leases and claims gone."""
    finished = lab.run(*nodes(lab.folder), name="killed")
    assert {state_of(e) for e in finished.executions.values()} <= {"COMPLETE", "CACHED"}
    joined = finished.executions["copy3"].outputs["copied"][0]
    assert Rows(Path(joined.path)).read() == ["a", "b", "one", "two", "three"]
    state = lab.workspace.place.state
    for run in lab.store.runs():
        assert run.state != "RUNNING"
        assert [e.name for e in lab.store.in_run(run.id) if isinstance(e.status, Running)] == []
    complete = {e.id for r in lab.store.runs() for e in lab.store.in_run(r.id) if e.status == Complete()}
    folders = {f.name for node in lab.root.iterdir() if node.is_dir() for f in node.iterdir()}
    assert folders == {str(number) for number in complete}
    assert [*state.runs.glob("*/lease.json")] == []


def kill_at(folder: Path, seconds: float) -> None:
    with start(folder) as process:
        assert process.stdout is not None
        deadline = time.monotonic() + 30
        while not [*folder.glob(".headrace/runs/*/events.ndjson")] and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(seconds)
        process.kill()


def test_a_run_that_is_killed_is_made_up_for(tmp_path: Path) -> None:
    kill_at(tmp_path, 0.25)
    check(Lab(tmp_path))


@pytest.mark.crash
@pytest.mark.parametrize("seed", range(8))
def test_a_run_that_is_killed_at_a_random_moment_is_made_up_for(tmp_path: Path, seed: int) -> None:
    kill_at(tmp_path, random.Random(seed).uniform(0, 1.5))
    check(Lab(tmp_path))


@pytest.mark.slow
def test_four_runs_at_once_on_one_store_compute_each_key_once(tmp_path: Path) -> None:
    (tmp_path / "ledger").touch()
    processes = [start(tmp_path, f"p{number}") for number in range(4)]
    told = [process.communicate(timeout=120)[0].split(" ", 2) for process in processes]
    assert [code for _, code, _ in told] == ["0"] * 4
    assert sorted((tmp_path / "ledger").read_text(encoding="utf-8").split()) == ["one", "three", "two"]
    lab = Lab(tmp_path)
    assert sorted(run.id for run in lab.store.runs()) == sorted(name for name, _, _ in told)
    for run in lab.store.runs():
        found = {e.node: state_of(e) for e in lab.store.in_run(run.id)}
        assert len(found) == len(nodes(tmp_path))
        assert set(found.values()) <= {"COMPLETE", "CACHED"}


def test_a_run_that_died_after_its_end_was_recorded_keeps_its_state(lab: Lab) -> None:
    run = lab.run(Source()).run
    write_holder(lab.workspace.place.state.run_folder(run.id) / "lease.json", replace(this_process(), born="1"))
    assert sweep(lab.store, lab.workspace.place.state, lab.workspace.claims) == [run.id]
    assert lab.store.run(run.id).state == "COMPLETE"


def test_a_dead_run_that_is_being_resumed_is_left_alone(lab: Lab) -> None:
    dead_run(lab)
    state = lab.workspace.place.state
    with FileClaims(state.claims).claimed("20200101-000000-000000-dead"):
        assert sweep(lab.store, state, lab.workspace.claims) == []
    assert sweep(lab.store, state, lab.workspace.claims) == ["20200101-000000-000000-dead"]
    assert [*state.claims.iterdir()] == []
