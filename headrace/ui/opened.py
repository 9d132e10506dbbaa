"""Opens what a page shows: the store of a project, or any store by its file or address, for reading only."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from headrace.config.project import find_project
from headrace.config.settings import place_of, read_settings
from headrace.errors import UnfitEnvironment, UsageError
from headrace.metadata.address import without_password
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.connection import connect
from headrace.metadata.outline_of_file import check_readable
from headrace.metadata.store import Store
from headrace.orchestrators.workspace import Place, open_for_reading, open_workspace
from headrace.storage.folder_root import FolderRoot
from headrace.storage.state import StateFolder
from headrace.ui.foreign_root import ForeignRoot
from headrace.ui.shown import Shown
from headrace.ui.source import Source

_JOURNAL = slice(18, 20)
_WRITE_AHEAD = b"\x02\x02"
"""Bytes of the header of a SQLite file, where write-ahead logging is on."""


def of_place(place: Place, folders: Sequence[Path] = (), *, write: bool = False) -> Shown:
    """Open the store of a project. Raises UnfitEnvironment where there is none."""
    known = [Path(place.root.address)] if isinstance(place.root, FolderRoot) else []
    scheme, _, file = place.store.partition(":")

    def opened() -> Catalogue:
        return Catalogue(open_for_reading(place).store)

    return Shown(
        name=place.project.resolve().name,
        address=without_password(place.store),
        catalogue=opened(),
        folders=[*known, *folders],
        place=place,
        source=Source(Path(file), opened) if scheme == "sqlite" else None,
        writable=partial(open_workspace, place) if write else None,
    )


def of_database(given: str, folders: Sequence[Path], stack: ExitStack, *, write: bool = False) -> Shown:
    """Open a store by its file or address; one that headrace keeps in a state folder is its project's.

    Another program's file stays as it is: `stack` removes a copy where reading it in place would write beside it.
    """
    file = _file_of(given)
    _check_is_no_folder(given, file)
    if file and (file.parent / "root.json").is_file():
        return of_place(_place_around(file), folders, write=write)
    if write:
        raise UsageError(
            found=f"--write for {without_password(given)}",
            expected="a store that this project writes to: another one is shown and never changed",
            do="Leave --write out, or name the project's store in its configuration",
        )
    known = [file.parent, *folders] if file else list(folders)
    root = ForeignRoot(known[0] if known else Path.cwd(), known)

    def opened() -> Catalogue:
        address = f"sqlite:{_readable(file, stack)}" if file else given
        return Catalogue(Store(connect(address, read_only=True), root, ""))

    return Shown(
        name=file.name if file else without_password(given).rpartition("/")[2],
        address=str(file) if file else without_password(given),
        catalogue=opened(),
        folders=known,
        source=Source(file, opened) if file else None,
    )


def _check_is_no_folder(given: str, file: Path | None) -> None:
    """Refuse a folder, and offer the store in it."""
    if file is None or (given and not file.is_dir()):
        return
    inside = file / "metadata.db"
    is_there = bool(given) and inside.is_file()
    raise UsageError(
        found=f"--db {given}, a folder" if given else "an empty --db",
        expected="a file, or the address of a server",
        do=f"Name {inside}" if is_there else "Name the file of the store, as metadata.db",
    )


def _readable(file: Path, stack: ExitStack) -> Path:
    """Return a file that can be read without a trace. Raises ConflictError, UnfitEnvironment."""
    if not file.is_file():
        raise UnfitEnvironment(
            found=f"no metadata store at {file}",
            expected="a file that TFX, Kubeflow or headrace wrote",
            do="Correct it",
        )
    readable = _untouched(file, stack)
    check_readable(readable, file)  # ML Metadata would try for half a minute to read one that is locked
    return readable


def _file_of(given: str) -> Path | None:
    """Take what was given for a file, unless it is the address of a server."""
    for scheme in ("sqlite:", "file://"):
        if given.startswith(scheme):
            return Path(given.removeprefix(scheme)).absolute()
    return None if "://" in given else Path(given).absolute()


def _place_around(file: Path) -> Place:
    """Find the place of a project's store: as its configuration says, if that names this file."""
    project = find_project(file.parent.parent).root
    configured = place_of(project, read_settings(project, None, os.environ).settings)
    if configured.store == f"sqlite:{file}":
        return configured
    state = StateFolder(file.parent)
    return Place(
        project=file.parent.parent,
        state=state,
        root=FolderRoot(state.path / "artifacts"),
        store=f"sqlite:{file}",
        jobs=1,
    )


def _untouched(file: Path, stack: ExitStack) -> Path:
    """Return a file that can be read without a trace: SQLite makes two more beside one with write-ahead logging."""
    try:
        with file.open("rb") as opened:
            is_ahead = opened.read(_JOURNAL.stop)[_JOURNAL] == _WRITE_AHEAD
    except OSError:
        return file  # opening the store says what is wrong with it
    if not is_ahead:
        return file
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="headrace-ui-")))
    for each in (file, file.with_name(f"{file.name}-wal")):
        if each.is_file():
            shutil.copyfile(each, folder / each.name)
    return folder / file.name
