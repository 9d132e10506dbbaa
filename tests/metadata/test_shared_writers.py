"""Eight processes write to one shared store at once: nothing is lost, nothing is told twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Complete
from tests.metadata.serving import SHARED, shared_store
from tests.metadata.writer import NODES, open_store

WRITERS, RUNS = 8, 3


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from shared_store(request.param, tmp_path)


def start(address: str, name: str, runs: int = RUNS) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.metadata.writer", address, name, str(runs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def check(address: str, pipeline: str, names: list[str], runs: int = RUNS) -> None:
    """Look at all that the writers of a pipeline should have recorded, and at nothing else."""
    store = open_store(address)
    found = [run for run in store.runs() if run.pipeline == pipeline]
    assert sorted(run.id for run in found) == sorted(f"{name}-{number}" for name in names for number in range(runs))
    for run in found:
        executions = store.in_run(run.id)
        assert [(e.node, e.status, len(e.outputs["made"])) for e in executions] == [(n, Complete(), 1) for n in NODES]
    assert len(store.made(pipeline, "Rows")) == len(names) * runs * len(NODES)
    imported = {e.inputs["x"][0].id for run in found for e in store.in_run(run.id)}
    assert len(imported) == 1
    mine = [a for a in Catalogue(store).artifacts("Rows") if a.record.digest == pipeline]
    assert {artifact.id for artifact in mine} == imported


def test_eight_writers_lose_nothing_and_write_nothing_twice(shared: str) -> None:
    pipeline = f"p{os.urandom(4).hex()}"
    names = [f"{pipeline}-w{number}" for number in range(WRITERS)]
    writers = [start(shared, name) for name in names]
    for writer in writers:
        writer.communicate(timeout=120)
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    check(shared, pipeline, names)
