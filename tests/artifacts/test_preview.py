from pathlib import Path

import pytest

from headrace import Artifact
from headrace.artifacts.preview import preview_of, write_preview
from headrace.storage.folder_root import FolderRoot


def test_what_is_written_is_read_beside_its_folder(tmp_path: Path) -> None:
    write_preview(Artifact(tmp_path / "rows"), "2 rows", {"rows": 2})
    found = preview_of(str(tmp_path / "rows"), FolderRoot(tmp_path))
    assert found is not None
    assert (found["type"], found["summary"], found["content"]) == ("Artifact", "2 rows", {"rows": 2})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"version": 0}'], ids=repr)
def test_one_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.preview.json").write_bytes(content)
    assert preview_of(str(tmp_path / "rows"), FolderRoot(tmp_path)) is None


def test_where_there_is_none_there_is_none(tmp_path: Path) -> None:
    assert preview_of(str(tmp_path / "rows"), FolderRoot(tmp_path)) is None
