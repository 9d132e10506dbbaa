"""`headrace ui`: shows runs, lineage and artifacts in the browser, of a project or of any metadata store."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headrace.cli.session import config_option, open_session
from headrace.cli.store_option import folder_of
from headrace.errors import UsageError
from headrace.lineage.label import size_text

if TYPE_CHECKING:
    from headrace.ui.shown import Shown


@click.command(help="Show runs, lineage and artifacts in the browser.")
@click.option("--db", metavar="FILE_OR_ADDRESS", help="Any metadata store, also one of TFX: no project is needed.")
@click.option("--root", "roots", metavar="DIR", multiple=True, help="A folder whose artifacts may be shown, too.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port (default: the first free from 8265).")
@click.option("--open/--no-open", "browser", default=True, help="Open a browser, where there is a display.")
@click.option("--read-only/--write", default=True, help="Whether the page may mark artifacts as tainted.")
@click.option("--export", metavar="DIR", help="Write the pages as files instead of serving them.")
@config_option
def command(
    db: str | None,
    roots: tuple[str, ...],
    host: str,
    port: int,
    browser: bool,
    read_only: bool,
    export: str | None,
    config: str | None,
) -> None:
    with ExitStack() as stack:
        shown = _shown(db, [folder_of(root) for root in roots], config, stack, write=not read_only)
        if export:
            _export(shown, Path(export))
        else:
            _serve(shown, host, port, browser=browser)


def _shown(db: str | None, folders: list[Path], config: str | None, stack: ExitStack, *, write: bool) -> "Shown":
    from headrace.ui.opened import of_database, of_place

    if db is None:
        return of_place(open_session(config).place, folders, write=write)
    if config:
        raise UsageError(found="--db and --config", expected="one of them", do="Leave one out")
    return of_database(db, folders, stack, write=write)


def _serve(shown: "Shown", host: str, port: int, *, browser: bool) -> None:
    from headrace.ui.serve import listen, serve

    shown.snapshot()
    listening = listen(host, port)

    def ready() -> None:
        click.echo(listening.address)
        click.echo("Ctrl-C ends it", err=True)
        if browser and _has_display():
            click.launch(listening.address)

    serve(shown, listening, ready)


def _export(shown: "Shown", folder: Path) -> None:
    from headrace.ui.export import export

    written = export(shown, folder)
    index = folder / "index.html"
    click.echo(index)
    size = f"{written.answers:,} answers, {size_text(written.bytes)}"
    click.echo(f"{size}; open {index} in a browser, or give {folder} to any web server", err=True)
    for refused in written.refused:
        click.echo(f"left out: {refused}", err=True)


def _has_display() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return sys.stdout.isatty() and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
