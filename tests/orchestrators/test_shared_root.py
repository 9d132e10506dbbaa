"""One root on a volume that two machines mount in different places, and one server's store: each reuses the other's."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from headrace.dsl.component import Component
from headrace.metadata.bar import bar
from headrace.orchestrators.workspace import Place, Workspace, open_for_reading, open_workspace
from headrace.storage.folder_root import FolderRoot
from headrace.storage.root import Root
from headrace.storage.state import StateFolder
from headrace.storage.url_root import UrlRoot
from headrace.workers.pool import Pool
from tests.conftest import Lab, states
from tests.metadata.serving import served
from tests.parts import Copy, Rows, Source


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve a store."""
    with served(f"sqlite:{tmp_path / 'served.db'}") as server:
        yield f"grpc://{server.place}"


class Machine(Lab):
    """A lab whose store is a server's."""

    def __init__(self, folder: Path, pool: Pool, root: Root, address: str) -> None:
        super().__init__(folder, pool, kept_at=root)
        place = Place(project=Path.cwd(), state=StateFolder(folder / ".headrace"), root=root, store=address, jobs=2)
        self.workspace: Workspace = open_workspace(place)


def nodes() -> list[Component]:
    source = Source()
    return [source, Copy(rows=source.rows)]


@pytest.fixture
def machines(tmp_path: Path, pool: Pool, address: str) -> tuple[Machine, Machine]:
    """A pod and a laptop, each with a state folder of its own."""
    (tmp_path / "volume").mkdir()
    mounts = [tmp_path / "mnt" / "headrace", tmp_path / "home" / "vol"]
    for mount in mounts:
        mount.parent.mkdir()
        mount.symlink_to(tmp_path / "volume")
    pod, laptop = (Machine(mount.parent, pool, FolderRoot(mount / "artifacts"), address) for mount in mounts)
    return pod, laptop


def test_what_one_made_the_other_reuses_and_reads_where_it_sees_it(machines: tuple[Machine, Machine]) -> None:
    pod, laptop = machines
    made = pod.run(*nodes()).executions["Source"].outputs["rows"][0]
    assert states(laptop.run(*nodes())) == {"Source": "CACHED", "Copy": "CACHED"}
    (seen,) = [e for e in laptop.store.in_run(laptop.store.runs()[0].id) if e.node == "Source"]
    found = seen.outputs["rows"][0]
    assert (found.id, found.digest) == (made.id, made.digest)
    assert (made.path.startswith(str(pod.root)), found.path.startswith(str(laptop.root))) == (True, True)
    assert Rows(Path(found.path)).read() == ["a"]
    assert laptop.store.root_id == pod.store.root_id
    assert open_for_reading(laptop.workspace.place).store.root_id == pod.store.root_id


def test_what_is_recorded_is_read_where_the_root_cannot_be_reached(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    pod, _ = machines
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    made = pod.run(*nodes()).executions["Source"].outputs["rows"][0]
    without_its_extra = replace(pod.workspace.place, root=UrlRoot("gs://bucket/artifacts"))
    reader = open_for_reading(without_its_extra).store
    (seen,) = [e for e in reader.in_run(reader.runs()[0].id) if e.node == "Source"]
    assert seen.outputs["rows"][0].path == made.path


def test_what_is_in_another_root_is_neither_reused_nor_taken_for_gone(
    machines: tuple[Machine, Machine], tmp_path: Path, pool: Pool
) -> None:
    pod, _ = machines
    pod.run(*nodes())
    os.rename(tmp_path / "volume", tmp_path / "unmounted")
    other = Machine(tmp_path / "other", pool, FolderRoot(tmp_path / "other" / "artifacts"), pod.workspace.place.store)
    assert states(other.run(*nodes())) == {"Source": "COMPLETE", "Copy": "COMPLETE"}
    os.rename(tmp_path / "unmounted", tmp_path / "volume")
    first = pod.store.runs()[-1].id
    made = [a.id for e in pod.store.in_run(first) for found in e.outputs.values() for a in found]
    assert {a.id for a in pod.store.artifacts_with(made) if bar(a)} == set()
    assert set(states(pod.run(*nodes())).values()) == {"CACHED"}
