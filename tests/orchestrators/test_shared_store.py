"""Runs of several hosts on one store: what one computes the other reuses; what a dead one left is made up for."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from headrace.metadata.claim_records import Claim, ClaimRecords
from headrace.metadata.records import Run, Running
from headrace.metadata.states import state_of
from headrace.orchestrators.sweep import sweep
from headrace.workers.lease import this_process
from headrace.workers.store_claims import StoreClaims
from tests.conftest import Lab
from tests.metadata.executions import running
from tests.metadata.proxy import Proxy
from tests.metadata.serving import SHARED, shared_store
from tests.orchestrators.shared_store import BEAT, lab_of
from tests.parts import Counting, named

ELSEWHERE = replace(this_process(), host="elsewhere", boot="another", namespace="another")


@pytest.fixture
def grpc_store(tmp_path: Path) -> Iterator[str]:
    yield from shared_store("grpc", tmp_path)


@pytest.fixture(params=SHARED)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from shared_store(request.param, tmp_path)


def start(
    store: str, folder: Path, host: str, *texts: str, hours: float = 0, seconds: float = 1.5
) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.orchestrators.shared_store"]
    options = [store, str(folder), host, str(hours), str(seconds), *texts]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """Return how the nodes of a run ended, in words."""
    out, _ = process.communicate(timeout=90)
    return out.splitlines()[-1].partition(" ")[2]


def calls(folder: Path) -> list[str]:
    return sorted((folder / "ledger").read_text(encoding="utf-8").split())


def wait_for_call(folder: Path, process: subprocess.Popen[str]) -> None:
    while not (folder / "ledger").exists():
        assert process.poll() is None
        time.sleep(0.02)


@pytest.mark.parametrize("hours", [0.0, 1.0, -1.0], ids=["same clocks", "an hour ahead", "an hour behind"])
def test_of_two_runs_on_two_hosts_one_works_and_the_other_reuses(grpc_store: str, tmp_path: Path, hours: float) -> None:
    one = start(grpc_store, tmp_path, "one", "x", hours=hours)
    wait_for_call(tmp_path, one)
    other = start(grpc_store, tmp_path, "other", "x")
    assert (ended(one), ended(other)) == ("{'x': 'COMPLETE'}", "{'x': 'CACHED'}")
    assert calls(tmp_path) == ["x"]


def test_two_runs_at_once_compute_each_key_once(store: str, tmp_path: Path) -> None:
    texts = [f"{name}-{os.urandom(4).hex()}" for name in "abc"]
    runs = [start(store, tmp_path, host, *texts, seconds=0.3) for host in ("one", "other")]
    how = [ended(run) for run in runs]
    assert sum(text.count("COMPLETE") for text in how) == len(texts)
    assert sum(text.count("CACHED") for text in how) == len(texts)
    assert calls(tmp_path) == sorted(texts)


@pytest.mark.parametrize("hours", [0.0, -1.0], ids=["same clocks", "an hour behind"])
def test_what_a_dead_host_left_is_swept_and_made_up_for(grpc_store: str, tmp_path: Path, hours: float) -> None:
    killed = start(grpc_store, tmp_path, "one", "x", hours=hours, seconds=60)
    wait_for_call(tmp_path, killed)
    killed.kill()
    killed.communicate()
    (tmp_path / "ledger").unlink()
    assert ended(start(grpc_store, tmp_path, "other", "x", seconds=0)) == "{'x': 'COMPLETE'}"
    lab = lab_of(grpc_store, tmp_path, "third")
    assert sorted(run.state for run in lab.store.runs()) == ["COMPLETE", "FAILED"]
    states = [state_of(execution) for run in lab.store.runs() for execution in lab.store.in_run(run.id)]
    assert sorted(states) == ["COMPLETE", "FAILED"]


def leave(lab: Lab, run: Run) -> Claim:
    """Leave what another host's run leaves that died while its node worked."""
    lab.store.record_run(run)
    lab.store.begin(running(run=run.id, pipeline=run.pipeline))
    claim = ClaimRecords(lab.store.connection).make(Claim(key=run.id, number=1, holder=asdict(ELSEWHERE)))
    assert claim is not None
    return claim


def swept(lab: Lab) -> list[str]:
    return sweep(lab.store, lab.workspace.place.state, lab.workspace.claims)


def test_a_run_in_kubeflow_is_never_swept(grpc_store: str, tmp_path: Path) -> None:
    lab = lab_of(grpc_store, tmp_path, "here")
    leave(lab, Run(id="20200101-000000-000000-pods", pipeline="p", orchestrator="kubeflow"))
    leave(lab, Run(id="20200101-000000-000000-dead", pipeline="p"))
    assert swept(lab) == ["20200101-000000-000000-dead"]
    assert lab.store.run("20200101-000000-000000-pods").state == "RUNNING"
    (execution,) = lab.store.in_run("20200101-000000-000000-pods")
    assert execution.status == Running()


def test_a_run_of_another_host_that_beats_is_left_alone_and_costs_one_beat(grpc_store: str, tmp_path: Path) -> None:
    lab = lab_of(grpc_store, tmp_path, "here")
    process = start(grpc_store, tmp_path, "other", "x", seconds=3)
    wait_for_call(tmp_path, process)
    began = time.monotonic()
    patient = StoreClaims(lab.store, beat=BEAT, still=60.0)
    assert sweep(lab.store, lab.workspace.place.state, patient) == []
    assert time.monotonic() - began < 30.0
    assert ended(process) == "{'x': 'COMPLETE'}"


def test_a_run_whose_claim_was_given_back_and_whose_record_goes_on_is_swept(grpc_store: str, tmp_path: Path) -> None:
    lab = lab_of(grpc_store, tmp_path, "here")
    claim = leave(lab, Run(id="20200101-000000-000000-dead", pipeline="p"))
    ClaimRecords(lab.store.connection).give_back(claim)
    assert swept(lab) == ["20200101-000000-000000-dead"]
    assert swept(lab) == []


def test_a_run_on_a_shared_store_leaves_no_claim_held(grpc_store: str, tmp_path: Path) -> None:
    lab = lab_of(grpc_store, tmp_path, "here")
    run = lab.run(Counting(ledger=str(tmp_path / "ledger"), options=named("x"))).run
    assert not lab.workspace.claims.is_claimed(run.id)
    last = ClaimRecords(lab.store.connection).last(run.id)
    assert last is not None
    assert last.given_back


def test_a_run_goes_on_after_an_outage_of_the_store(grpc_store: str, tmp_path: Path) -> None:
    host, _, port = grpc_store.removeprefix("grpc://").rpartition(":")
    proxy = Proxy(host, int(port))
    process = start(f"grpc://{host}:{proxy.port}", tmp_path, "one", "x", "y", seconds=0.5)
    wait_for_call(tmp_path, process)
    proxy.cut()
    time.sleep(3)
    proxy.mend()
    assert ended(process) == "{'x': 'COMPLETE', 'y': 'COMPLETE'}"
    assert calls(tmp_path) == ["x", "y"]
    lab = lab_of(grpc_store, tmp_path, "here")
    (run,) = lab.store.runs()
    assert [(run.state, state_of(e), e.attempt) for e in lab.store.in_run(run.id)] == [("COMPLETE", "COMPLETE", 1)] * 2
    assert not lab.workspace.claims.is_claimed(run.id)
