"""What happens to pods: killed, started twice, without their store, with a wrong clock. Nothing lost, nothing twice.

Every pod is a process of the command line; they share a store through the gRPC server and a root of artifacts.
"""

import json
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from headrace.dsl.component import Component
from headrace.dsl.pipeline import Pipeline
from headrace.kubeflow.slice import Slice, pack
from headrace.metadata.connection import connect
from headrace.metadata.records import Execution
from headrace.metadata.states import state_of
from headrace.metadata.store import Store
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import PipelineSpec
from headrace.storage.folder_root import FolderRoot
from tests.end_to_end.project import HEADRACE, ROOT
from tests.parts import Bless, Counting, DyingInPublish, Misbehaving, Source, Train, named

OUTAGE = 30.0
"""Seconds for which the store is away."""
HOUR = 3600


@dataclass
class Cluster:
    """A store's server, and pods as processes."""

    folder: Path
    port: int
    run: str = field(default_factory=lambda: str(uuid.uuid4()))
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"grpc://127.0.0.1:{self.port}"

    def serve(self) -> "subprocess.Popen[str]":
        """Start the store's server, and wait until it listens."""
        command = ["metadata", "serve", "--listen", f"127.0.0.1:{self.port}"]
        server = self.start(*command, "--store", f"sqlite:{self.folder / 'metadata.db'}")
        wait_until(lambda: is_open(self.port))
        return server

    def pod(self, spec: PipelineSpec, name: str, *, clock: int = 0) -> "subprocess.Popen[str]":
        """Start the pod of a node; its clock is `clock` seconds ahead."""
        told = json.dumps({"inputs": {"parameterValues": {"headrace_run": self.run}}})
        (node,) = (node for node in spec.nodes if node.id == name)
        part = PipelineSpec(spec.name, spec.parameters, (node,), None)
        arguments = ("pod", "launch", "--slice", pack(Slice(part, name)), "--executor-input", told)
        return self.start(*arguments, clock=clock)

    def close(self, spec: PipelineSpec) -> "subprocess.Popen[str]":
        told = json.dumps({"inputs": {"parameterValues": {"headrace_run": self.run}}})
        return self.start("pod", "close", "--slice", pack(Slice(spec)), "--executor-input", told)

    def start(self, *arguments: str, clock: int = 0) -> "subprocess.Popen[str]":
        state = self.folder / f"pod-{len(self.processes)}"
        variables = {
            "HEADRACE_STORE": self.address,
            "HEADRACE_ROOT": str(self.folder / "artifacts"),
            "HEADRACE_STATE": str(state),
            "PYTHONPATH": f"{self.folder / f'clock{clock}'}:{ROOT}",
        }
        log = (self.folder / f"log-{len(self.processes)}").open("w", encoding="utf-8")
        process = subprocess.Popen(
            [*HEADRACE, *arguments],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def executions(self) -> list[Execution]:
        store = Store(connect(self.address), FolderRoot(self.folder / "artifacts"), "")
        return [execution for run in store.runs() for execution in store.in_run(run.id)]

    def said(self, process: "subprocess.Popen[str]") -> str:
        return (self.folder / f"log-{self.processes.index(process)}").read_text(encoding="utf-8")


CLOCK = """
import time, types
import grpc._channel
grpc._channel.time = types.SimpleNamespace(**vars(time))  # it compares with the system's clock
now, now_ns = time.time, time.time_ns
time.time = lambda: now() + {ahead}
time.time_ns = lambda: now_ns() + {ahead} * 10**9
"""


def is_open(port: int) -> bool:
    with closing(socket.socket()) as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a pod as the kernel does: all of it."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def spec_with(*nodes: Component) -> PipelineSpec:
    return spec_of(Pipeline("pods", nodes))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for ahead in (HOUR, -HOUR):
        (tmp_path / f"clock{ahead}").mkdir()
        (tmp_path / f"clock{ahead}" / "sitecustomize.py").write_text(CLOCK.format(ahead=ahead), encoding="utf-8")
    started = Cluster(tmp_path, port)
    started.serve()
    yield started
    for process in started.processes:
        if process.poll() is None:
            kill(process)


@pytest.mark.slow
def test_a_pod_killed_in_its_executor_is_started_again(cluster: Cluster) -> None:
    memory = cluster.folder / "memory"
    spec = spec_with(Misbehaving(how="hang once", memory=str(memory), options=named("node")))
    first = cluster.pod(spec, "node")
    wait_until(memory.exists)
    kill(first)
    assert cluster.pod(spec, "node").wait() == 0
    ended = [(state_of(e), e.attempt) for e in cluster.executions()]
    assert ended == [("FAILED", 1), ("COMPLETE", 2)]
    assert [folder.name for folder in (cluster.folder / "artifacts" / "node").iterdir()] == ["2"]


@pytest.mark.slow
def test_a_pod_killed_in_publish_is_started_again(cluster: Cluster) -> None:
    ledger = cluster.folder / "ledger"
    spec = spec_with(DyingInPublish(ledger=str(ledger), options=named("node")))
    assert cluster.pod(spec, "node").wait() == -signal.SIGKILL
    assert cluster.pod(spec, "node").wait() == 0
    assert [state_of(e) for e in cluster.executions()] == ["FAILED", "COMPLETE"]
    assert cluster.pod(spec, "node").wait() == 0  # started once more after its commit
    assert ledger.read_text(encoding="utf-8") == "called\n" * 2


@pytest.mark.slow
def test_pods_that_are_started_twice_at_once_work_once(cluster: Cluster) -> None:
    ledger = cluster.folder / "ledger"
    spec = spec_with(Counting(ledger=str(ledger), seconds=2.0, options=named("node", cache="off")))
    assert [pod.wait() for pod in [cluster.pod(spec, "node") for _ in range(3)]] == [0, 0, 0]
    assert ledger.read_text(encoding="utf-8") == "called\n"
    assert [state_of(e) for e in cluster.executions()] == ["COMPLETE"]


@pytest.mark.slow
def test_a_store_that_is_away_for_half_a_minute_loses_nothing(cluster: Cluster) -> None:
    ledger = cluster.folder / "ledger"
    spec = spec_with(Counting(ledger=str(ledger), seconds=2.0, options=named("node")))
    pod = cluster.pod(spec, "node")
    wait_until(ledger.exists)
    kill(cluster.processes[0])
    time.sleep(OUTAGE)
    assert pod.poll() is None
    cluster.serve()
    assert pod.wait() == 0, cluster.said(pod)
    assert [state_of(e) for e in cluster.executions()] == ["COMPLETE"]
    assert ledger.read_text(encoding="utf-8") == "called\n"


@pytest.mark.slow
def test_clocks_that_are_an_hour_off_change_nothing(cluster: Cluster) -> None:
    source = Source(texts=["a", "b"])
    model = Train(rows=source.rows)
    spec = spec_with(source, model, Bless(model=model.model))
    clocks = {"Source": HOUR, "Train": -HOUR, "Bless": 0}
    for _ in range(2):
        for name, clock in clocks.items():
            assert cluster.pod(spec, name, clock=clock).wait() == 0
        assert cluster.close(spec).wait() == 0
        cluster.run, clocks = str(uuid.uuid4()), dict.fromkeys(clocks, -HOUR)
    states = [state_of(e) for e in sorted(cluster.executions(), key=lambda e: e.id)]
    assert states == ["COMPLETE"] * 3 + ["CACHED"] * 3
