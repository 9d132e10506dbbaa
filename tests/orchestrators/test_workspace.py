"""Whose a root is: a store in a file has one of its own, all users of a server's store share its id."""

from pathlib import Path

import pytest

from headrace.errors import ConfigError
from headrace.orchestrators.workspace import Place, open_workspace
from headrace.storage.folder_root import FolderRoot
from headrace.storage.state import StateFolder


def place(folder: Path, root: Path) -> Place:
    state = StateFolder(folder / ".headrace")
    return Place(project=folder, state=state, root=FolderRoot(root), store=f"sqlite:{state.database}", jobs=1)


def test_a_root_that_another_store_has_filled_is_refused(tmp_path: Path) -> None:
    one, other = (place(tmp_path / name, tmp_path / "artifacts") for name in ("one", "other"))
    first = open_workspace(one)
    assert open_workspace(one).store.root_id == first.store.root_id
    with pytest.raises(ConfigError, match="holds the artifacts of another store"):
        open_workspace(other)
    assert not other.state.database.exists()
