"""Which store a verb reads: the project's, or any other by its file or address, for reading only."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

import click

from headrace.cli.session import config_option, open_session
from headrace.lineage.load import load
from headrace.lineage.shelf import Records
from headrace.metadata.catalogue import Catalogue

F = TypeVar("F", bound=Callable[..., object])


def store_options(command: F) -> F:
    """Add `--db`, the store to read, and `--config`."""
    help_text = "Another store: a file of TFX or Kubeflow, or an address; read only (default: the project's)."
    return click.option("--db", metavar="FILE|ADDRESS", help=help_text)(config_option(command))


def open_catalogue(config: str | None, db: str | None) -> Catalogue:
    """Open the store that a verb reads."""
    if db is None:
        return Catalogue(open_session(config).read().store)
    from headrace.ui.opened import of_database

    stack = click.get_current_context().with_resource(ExitStack())
    return of_database(db, (), stack).catalogue


def open_records(config: str | None, db: str | None) -> Records:
    """Open the store that a verb reads; another program's as a graph, which knows its runs and nodes."""
    catalogue = open_catalogue(config, db)
    return catalogue if db is None else load(catalogue)
