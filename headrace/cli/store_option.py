"""Which store a verb reads: the project's, or any other by its file or address, for reading only."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import click

from headrace.cli.session import config_option, open_session
from headrace.errors import UsageError
from headrace.lineage.load import load
from headrace.lineage.shelf import Records
from headrace.metadata.catalogue import Catalogue
from headrace.storage.root import Root

F = TypeVar("F", bound=Callable[..., object])
_ROOTS = f"{__name__}.roots"


def store_options(command: F) -> F:
    """Add `--db`, the store to read, `--root`, where its artifacts are, and `--config`."""
    help_text = "Another store: a file of TFX or Kubeflow, or an address; read only (default: the project's)."
    roots = click.option(
        "--root",
        metavar="DIR",
        multiple=True,
        expose_value=False,
        callback=_keep_roots,
        help="With --db: a folder below which artifacts may be read, beside the file's own.",
    )
    return click.option("--db", metavar="FILE|ADDRESS", help=help_text)(roots(config_option(command)))


def open_catalogue(config: str | None, db: str | None) -> Catalogue:
    """Open the store that a verb reads."""
    context = click.get_current_context()
    folders = [folder_of(root) for root in context.meta.get(_ROOTS, ())]
    if db is None:
        if folders:
            raise UsageError(
                found="--root without --db", expected="both, or neither", do="Name the store, or leave it out"
            )
        return Catalogue(open_session(config).read().store)
    from headrace.ui.opened import of_database

    return of_database(db, folders, context.with_resource(ExitStack())).catalogue


def open_records(config: str | None, db: str | None) -> Records:
    """Open the store that a verb reads; another program's as a graph, which knows its runs and nodes."""
    catalogue = open_catalogue(config, db)
    return catalogue if db is None else load(catalogue)


def folder_of(root: str) -> Path:
    """Return the folder that `--root` names. Raises UsageError."""
    folder = Path(root).absolute()
    if not folder.is_dir():
        raise UsageError(found=f"--root {root}", expected="a folder", do="Correct it")
    return folder


def advice_for(path: str, root: Root) -> str:
    """Say how an artifact that is there can be read; empty where it may be, or is not there."""
    from headrace.ui.foreign_root import ForeignRoot
    from headrace.ui.jail import folder_outside

    folder = folder_outside(path, root.folders) if isinstance(root, ForeignRoot) else None
    if folder is None or not Path(path.removeprefix("file://")).exists():
        return ""
    return f"its files are outside the folders that may be read: add --root {folder}"


def _keep_roots(context: click.Context, _: click.Parameter, roots: tuple[str, ...]) -> None:
    context.meta[_ROOTS] = roots
