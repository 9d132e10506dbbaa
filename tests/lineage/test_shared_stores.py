"""A history that TFX wrote to a server or a database is the one that it would have been in a file."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.cli.main import group
from headrace.lineage.load import load, refresh
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.connection import connect
from headrace.metadata.database import config_of
from headrace.metadata.store import Store
from headrace.storage.folder_root import FolderRoot
from tests.lineage.foreign import Writer, opened, write_tfx
from tests.metadata.serving import SHARED, shared_store

Shape = list[tuple[str, str, str, list[tuple[str, str, int, str]]]]


@pytest.fixture(params=SHARED)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from shared_store(request.param, tmp_path)


@pytest.fixture
def mark() -> str:
    """A mark of this test's names: others write to the same database."""
    return f"-{os.urandom(4).hex()}"


def writer_of(address: str) -> Writer:
    """Open a store with ML Metadata alone, as another program does."""
    if not address.startswith("grpc"):
        return Writer(config_of(address))
    host, _, port = address.removeprefix("grpc://").partition(":")
    return Writer(pb.MetadataStoreClientConfig(host=host, port=int(port)))


def read(address: str, folder: Path) -> Catalogue:
    return Catalogue(Store(connect(address, read_only=True), FolderRoot(folder), ""))


def shape(snapshot: Snapshot, mark: str) -> Shape:
    """Describe the runs of a mark without the numbers that a store gave."""
    found: Shape = []
    for run in sorted(run.id for run in snapshot.runs() if run.id.endswith(mark)):
        for execution in snapshot.in_run(run):
            sides = (("input", execution.inputs), ("output", execution.outputs))
            edges = [
                (side, name, place, artifact.path.replace(mark, ""))
                for side, held in sides
                for name, artifacts in held.items()
                for place, artifact in enumerate(artifacts)
            ]
            state = snapshot.by_execution[execution.id].state
            found.append((run.removesuffix(mark), execution.node, state, edges))
    return found


def test_its_graph_is_the_same_and_a_refresh_sees_what_is_new(store: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    in_file = tmp_path / "file" / "metadata.db"
    write_tfx(Writer.of_file(in_file), mark)
    before = load(read(store, tmp_path))
    assert shape(before, mark) == []
    write_tfx(writer_of(store), mark)
    expected = shape(load(opened(in_file)), mark)
    assert len(expected) == 5
    assert shape(load(read(store, tmp_path)), mark) == shape(refresh(before), mark) == expected


def test_every_verb_asks_it(store: str, mark: str) -> None:
    write_tfx(writer_of(store), mark)
    model, first, second = f"2021-01-01{mark}/Trainer.slot0", f"2021-01-01{mark}", f"2021-01-02{mark}"

    def asked(*words: str) -> str:
        said = CliRunner().invoke(group, [*words, "--db", store], catch_exceptions=False)
        assert said.exit_code == 0, said.stderr
        return said.stdout

    assert {first, second} <= {run["id"] for run in json.loads(asked("ls", "runs", "-o", "json"))}
    walk = json.loads(asked("lineage", model, "--up", "9", "-o", "json"))
    assert {vertex.get("node") for vertex in walk["vertices"]} >= {"CsvExampleGen", "Trainer"}
    assert f"/old/{first}/examples" in asked("blame", model)
    touched = json.loads(asked("impact", f"{first}/CsvExampleGen.slot0", "-o", "json"))
    assert set(touched["artifacts"]) == {"Model", "Curiosity"}
    assert json.loads(asked("path", f"{first}/CsvExampleGen.slot0", model, "-o", "json"))["count"] == 1
    assert {node["node"] for node in json.loads(asked("diff", first, second, "-o", "json"))["nodes"]} >= {"Trainer"}
    assert mark in asked("show", model)
