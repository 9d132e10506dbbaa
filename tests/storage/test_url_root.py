"""A root in a real S3-compatible server: published whole or not at all, fetched once and verified."""

import sys
from pathlib import Path

import pytest

from headrace.errors import ConfigError, ConflictError, UnfitEnvironment, UnreachableRoot
from headrace.storage.folder_root import FolderRoot
from headrace.storage.object_store import ObjectStore
from headrace.storage.root import root_at
from headrace.storage.state import StateFolder
from headrace.storage.url_root import UrlRoot

NOTHING: frozenset[str] = frozenset()


def published(root: UrlRoot, state: StateFolder, volatile: frozenset[str] = NOTHING, number: int = 7) -> str:
    """Publish an output of two files with a preview, and one of none; return where the first is."""
    staging = root.staging("Node", number, state)
    folders = {name: Path(path) for name, path in staging.make(["made", "empty"]).items()}
    (folders["made"] / "sub").mkdir()
    (folders["made"] / "file").write_text("content", encoding="utf-8")
    (folders["made"] / "sub" / "a[1]*?").write_bytes(bytes(range(256)) * 1000)
    folders["made"].with_name("made.preview.json").write_text('{"version": 1}', encoding="utf-8")
    staging.publish(["made", "empty"], volatile)
    return staging.location("made")


def test_what_is_published_is_there_whole(root: UrlRoot, state: StateFolder, store: ObjectStore) -> None:
    location = published(root, state)
    assert location == f"{root.url}/Node/7/made"
    assert (root.defect(location), root.defect(location, rehash=True), root.held([location])) == ("", "", {location})
    assert store.below("Node/7") == [
        "empty.manifest.json",
        "made.manifest.json",
        "made.preview.json",
        "made/file",
        "made/sub/a[1]*?",
    ]
    assert root.preview(location) == '{"version": 1}'
    assert [*state.staging.rglob("*")] == [state.staging / "Node"]


def test_an_artifact_is_downloaded_once_and_kept(root: UrlRoot, state: StateFolder, store: ObjectStore) -> None:
    location = published(root, state)
    with root.fetched(location, "d" * 64, state) as folder:
        assert folder == state.inputs / ("d" * 64)
        assert (folder / "file").read_text(encoding="utf-8") == "content"
        assert (folder / "sub" / "a[1]*?").read_bytes() == bytes(range(256)) * 1000
    store.write("Node/7/made/file", b"another")
    with root.fetched(location, "d" * 64, state) as folder:
        assert (folder / "file").read_text(encoding="utf-8") == "content"
    assert [*state.inputs.iterdir()] == [folder]


def test_an_artifact_without_files_is_an_empty_folder(root: UrlRoot, state: StateFolder) -> None:
    published(root, state)
    with root.fetched(root.location("Node/7/empty"), "e" * 64, state) as folder:
        assert [*folder.iterdir()] == []


def test_what_was_changed_is_not_taken_for_what_was_published(
    root: UrlRoot, state: StateFolder, store: ObjectStore
) -> None:
    location = published(root, state)
    store.write("Node/7/made/file", b"another")
    with pytest.raises(UnreachableRoot, match=r"made/file has changed; expected .*--verify"):
        root.fetched(location, "d" * 64, state).__enter__()
    assert [path for path in state.inputs.iterdir() if path.is_dir()] == []
    assert (root.defect(location), root.defect(location, rehash=True)) == ("", f"{location}/file has changed")


def test_volatile_artifacts_with_the_same_properties_are_told_apart(root: UrlRoot, state: StateFolder) -> None:
    one, other = (published(root, state, frozenset({"made"}), number) for number in (7, 8))
    with root.fetched(one, "d" * 64, state) as first, root.fetched(other, "d" * 64, state) as second:
        assert first != second
        assert (first / "file").read_text(encoding="utf-8") == "content"


def test_a_defect_is_found_and_named(root: UrlRoot, state: StateFolder, store: ObjectStore) -> None:
    location = published(root, state)
    store.write("Node/7/made/more", b"")
    assert (root.defect(location), root.defect(location, rehash=True)) == ("", f"{location}/more was added")
    store.delete("Node/7/made/file")
    assert root.defect(location) == f"{location}/file is gone"
    store.write("Node/7/made.manifest.json", b'{"fi')
    assert root.defect(location) == f"{location}.manifest.json is damaged"
    store.delete("Node/7/made.manifest.json")
    assert (root.defect(location), root.held([location])) == (f"{location} is gone", set())


def test_without_its_manifest_an_output_does_not_exist(root: UrlRoot, state: StateFolder, store: ObjectStore) -> None:
    location = published(root, state)
    store.delete("Node/7/made.manifest.json")
    with pytest.raises(UnreachableRoot, match="Node/7/made is gone"):
        root.fetched(location, "d" * 64, state).__enter__()


def test_what_a_dead_execution_left_is_deleted(root: UrlRoot, state: StateFolder, store: ObjectStore) -> None:
    published(root, state)
    root.staging("Node", 70, state).make(["made"])
    root.discard("Node", 70, state)
    assert ([*(state.staging / "Node").iterdir()], len(store.below("Node/7"))) == ([], 5)
    root.discard("Node", 7, state)
    root.discard("Node", 7, state)
    assert store.below("Node") == []


def test_an_execution_whose_place_is_taken_is_refused_at_its_start(root: UrlRoot, state: StateFolder) -> None:
    published(root, state)
    with pytest.raises(ConflictError, match="Node/7 holds what another store's execution made"):
        root.staging("Node", 7, state).make(["made"])


def test_an_id_is_written_once(root: UrlRoot, bucket: str) -> None:
    assert root.read_id() == ""
    assert (root.claim("one"), root.claim("other"), root.read_id()) == ("one", "one", "one")
    root.store.write_once(".root_id", b"later")
    assert UrlRoot(f"s3://{bucket}/team/artifacts").read_id() == "one"


def test_a_file_is_written_and_read_back(root: UrlRoot) -> None:
    root.write("code/a.zip", b"content")
    assert root.read("code/a.zip") == b"content"
    with pytest.raises(UnreachableRoot, match=r"code/other\.zip is not there"):
        root.read("code/other.zip")


def test_what_is_elsewhere_is_in_another_root(root: UrlRoot, state: StateFolder, tmp_path: Path) -> None:
    for other in (f"{root.url}s/Node/7/made", str(tmp_path)):
        assert (root.defect(other), root.held([other]), root.preview(other)) == (
            f"{other} is in another root",
            set(),
            None,
        )
    with root.fetched(str(tmp_path), "d" * 64, state) as folder:  # given by its path
        assert folder == tmp_path


def test_a_bucket_that_is_missing_is_one_line(s3: str) -> None:
    assert s3
    with pytest.raises(UnreachableRoot, match=r"s3://no-such-bucket/a/\.probe cannot be reached \(.*bucket") as refused:
        UrlRoot("s3://no-such-bucket/a").make()
    assert "\n" not in str(refused.value)


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(UnfitEnvironment, match=r"pip install 'headrace\[gs\]'"):
        UrlRoot("gs://bucket/artifacts").make()


@pytest.mark.parametrize(
    "setting",
    [
        "s3://key:very-secret@bucket/a",
        "s3://key:ve/very-secret@bucket/a",
        "az://container/a?sig=very-secret",
        "abfs://container:very-secret@account.dfs.core.windows.net/a",
    ],
)
def test_secrets_in_a_url_are_refused_and_not_repeated(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\*\*\*.*credentials in the environment") as refused:
        root_at(setting, tmp_path)
    assert "very-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("s3://", "a URL with a bucket"),
        ("memory://a", "outlives the process"),
        ("nothing://a/b", "a URL that fsspec knows"),
    ],
)
def test_a_root_that_cannot_be_one_is_refused(setting: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=expected):
        root_at(setting, tmp_path).make()


def test_a_url_of_a_file_is_a_folder(tmp_path: Path) -> None:
    assert root_at(f"file://{tmp_path}/a", Path("/elsewhere")) == FolderRoot(tmp_path / "a")
    assert root_at("s3://bucket/a/", tmp_path) == UrlRoot("s3://bucket/a")
    azure = "abfs://container@account.dfs.core.windows.net/a"
    assert root_at(azure, tmp_path).address == azure
