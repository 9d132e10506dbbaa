"""A root in a folder: its id, what is in it, what a dead execution left."""

import threading
from pathlib import Path

import pytest

from headrace.errors import UnfitEnvironment, UnreachableRoot
from headrace.storage.folder_root import FolderRoot
from headrace.storage.root import root_at
from headrace.storage.state import StateFolder

NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def root(tmp_path: Path) -> FolderRoot:
    made = FolderRoot(tmp_path / "root")
    made.make()
    return made


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    made = StateFolder(tmp_path / ".headrace")
    made.make()
    return made


def published(root: FolderRoot, state: StateFolder, text: str = "content") -> str:
    staging = root.staging("Node", 7, state)
    folders = staging.make(["made"])
    (Path(folders["made"]) / "file").write_text(text, encoding="utf-8")
    Path(folders["made"]).with_name("made.preview.json").write_text("{}", encoding="utf-8")
    staging.publish(["made"], NOTHING)
    return staging.location("made")


@pytest.mark.parametrize("setting", ["artifacts", "{0}/artifacts", "file://{0}/artifacts"])
def test_a_path_is_a_folder_below_the_project(tmp_path: Path, setting: str) -> None:
    assert root_at(setting.format(tmp_path), tmp_path) == FolderRoot(tmp_path / "artifacts")


def test_what_is_published_is_there(root: FolderRoot, state: StateFolder) -> None:
    location = published(root, state)
    assert (root.defect(location), root.defect(location, rehash=True), root.held([location])) == ("", "", {location})
    assert root.preview(location) == "{}"
    with root.fetched(location, "digest", state) as folder:
        assert folder == root.folder / "Node" / "7" / "made"


def test_a_location_is_relative_to_its_root_alone(root: FolderRoot, tmp_path: Path) -> None:
    location = root.location("Node/7/made")
    assert (root.relative(location), FolderRoot(tmp_path / "other").relative(location)) == ("Node/7/made", "")


def test_a_file_is_written_and_read(root: FolderRoot) -> None:
    root.write("logs/run/Node.1.log", b"first")
    root.write("logs/run/Node.1.log", b"second")
    assert root.read("logs/run/Node.1.log") == b"second"


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(root: FolderRoot) -> None:
    (root.folder / "logs").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(UnreachableRoot, match=r"Node\.1\.log cannot be written \((Not a directory|File exists)\)"):
        root.write("logs/run/Node.1.log", b"text")
    (root.folder / "taken.log").mkdir()
    with pytest.raises(UnreachableRoot, match=r"taken\.log cannot be written \(Is a directory\)"):
        root.write("taken.log", b"text")
    assert sorted(file.name for file in root.folder.iterdir()) == ["logs", "taken.log"]


def test_what_is_in_an_object_store_is_in_another_root(root: FolderRoot) -> None:
    assert root.defect("s3://bucket/Node/7/made") == "s3://bucket/Node/7/made is in another root"
    assert (root.held(["s3://bucket/made"]), root.preview("s3://bucket/made")) == (set(), None)


def test_a_file_is_written_and_read_back(root: FolderRoot) -> None:
    root.write("code/a.zip", b"content")
    assert (root.read("code/a.zip"), [file.name for file in root.folder.glob("code/*")]) == (b"content", ["a.zip"])
    with pytest.raises(UnreachableRoot, match=r"other\.zip cannot be read"):
        root.read("code/other.zip")


def test_an_id_is_written_once(root: FolderRoot) -> None:
    assert root.read_id() == ""
    assert (root.claim("one"), root.claim("other"), root.read_id()) == ("one", "one", "one")


def test_processes_that_claim_at_once_agree(root: FolderRoot) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda n=n: found.append(root.claim(str(n)))) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (16, 1)


def test_what_a_dead_execution_left_is_moved_into_the_trash(root: FolderRoot, state: StateFolder) -> None:
    location = published(root, state)
    root.staging("Node", 8, state).make(["made"])
    for number in (7, 8, 9):
        root.discard("Node", number, state)
    assert (root.held([location]), [*(root.folder / "Node").iterdir()]) == (set(), [])
    assert len([*state.trash.iterdir()]) == 2


def test_a_root_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnfitEnvironment, match=r"cannot be written .*set `root`"):
        FolderRoot(tmp_path / "file" / "artifacts").make()
