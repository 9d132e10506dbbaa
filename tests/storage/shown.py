"""Nodes with a preview and with a volatile output; a run at a URL in a process that may die while it uploads.

python -m tests.storage.shown FOLDER URL [BEFORE]: BEFORE is what the file is called before whose upload it dies.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from headrace import Channel, Component, Function, output
from headrace.artifacts.preview import write_preview
from headrace.storage.object_store import ObjectStore
from headrace.storage.url_root import UrlRoot
from tests.conftest import Lab, states
from tests.orchestrators.long_run import nodes
from tests.parts import Journal, Rows


def show(rows: Rows, shown: Rows) -> None:
    lines = rows.read()
    shown.write(lines)
    write_preview(shown, f"{len(lines)} rows", {"rows": lines})


class Shown(Component):
    """Copy rows, and say how many there are."""

    rows: Channel[Rows]
    shown: Channel[Rows] = output()

    executor = Function("tests.storage.shown:show")


def note(journal: Journal) -> None:
    (journal.path / f"at-{time.time_ns()}").write_text("noted", encoding="utf-8")


class Noted(Component):
    """Write a file that is named by time."""

    journal: Channel[Journal] = output()

    executor = Function("tests.storage.shown:note")


def digest(journal: Journal, rows: Rows) -> None:
    rows.write([file.read_text(encoding="utf-8") for file in journal.path.iterdir()])


class Digested(Component):
    """Read what was noted."""

    journal: Channel[Journal]
    rows: Channel[Rows] = output()

    executor = Function("tests.storage.shown:digest")


def all_nodes(folder: Path) -> list[Component]:
    """Wire the dozen, and one with a preview."""
    dozen = nodes(folder)
    (first, *_) = dozen
    return [*dozen, Shown(rows=first.rows)]  # type: ignore[attr-defined]  # it is a Source


def die_before(name: str) -> None:
    """Die without a word when a file of this name is to be uploaded."""
    upload = ObjectStore.upload

    def dying(store: ObjectStore, files: Mapping[Path, str]) -> None:
        if any(file.name == name for file in files):
            os.kill(os.getpid(), signal.SIGKILL)
        upload(store, files)

    ObjectStore.upload = dying  # type: ignore[method-assign,assignment]  # the only way to die at this moment


def main(folder: Path, url: str, before: str = "") -> None:
    if before:
        die_before(before)
    print(states(Lab(folder, kept_at=UrlRoot(url)).run(*all_nodes(folder))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
