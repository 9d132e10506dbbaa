"""Opens what a run needs: the state folder, the metadata store, the facts about this process that records carry."""

import hashlib
import os
import platform
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distributions
from pathlib import Path
from uuid import uuid4

from headrace.errors import ConfigError, UnfitEnvironment
from headrace.metadata.connection import connect
from headrace.metadata.store import Store
from headrace.metadata.values import Scalar
from headrace.storage.root import Root
from headrace.storage.state import StateFolder
from headrace.user_code import memo
from headrace.workers.claims import Claims, FileClaims
from headrace.workers.store_claims import StoreClaims


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run happens, as a configuration says: folders, a root, an address of a store, how many nodes at once."""

    project: Path
    state: StateFolder
    root: Root
    store: str
    jobs: int
    beam_args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workspace:
    """An open place."""

    place: Place
    store: Store
    claims: Claims


def open_workspace(place: Place) -> Workspace:
    """Make the state folder where it is missing, and open the store for writing."""
    place.state.make()
    place.root.make()
    root_id = _claimed_root(place)
    memo.use(place.state.work / "sources.json")
    store = Store(connect(place.store), place.root, root_id, around(place.project))
    claims = FileClaims(place.state.claims) if _is_in_a_file(place.store) else StoreClaims(store)
    return Workspace(place, store, claims)


def open_for_reading(place: Place) -> Workspace:
    """Open the store for reading only; raises UnfitEnvironment where there is none."""
    memo.use(place.state.work / "sources.json")
    store = Store(connect(place.store, read_only=True), place.root, _known_root(place))
    return Workspace(place, store, FileClaims(place.state.claims))


def _claimed_root(place: Place) -> str:
    """Return the id of the root; raises ConfigError where another store in a file has its artifacts in it.

    Folders are named by the ids of executions, which begin at 1 in every SQLite store: such a store has its id in its
    state folder, and marks the root as its own. All users of a server's store share the id that the root itself has.
    """
    if not _is_in_a_file(place.store):
        return place.root.claim(uuid4().hex)
    mine = place.state.root_id()
    if place.root.claim(mine) != mine:
        raise ConfigError(
            found=f"{place.root.address} holds the artifacts of another store than the one of {place.state.path}",
            expected="a root of its own for every store in a file",
            do="Set `root` in the configuration to another place",
        )
    return mine


def _known_root(place: Place) -> str:
    """Return the id of the root as far as there is one."""
    if not _is_in_a_file(place.store):
        with suppress(UnfitEnvironment):  # what is recorded is shown all the same
            return place.root.read_id()
        return ""
    return place.state.root_id() if (place.state.path / "root.json").is_file() else ""


def _is_in_a_file(store: str) -> bool:
    return store.startswith("sqlite:")


def around(project: Path) -> Mapping[str, Scalar]:
    """Describe what all executions of this process share."""
    commit, dirty = git_state(project)
    return {
        "host": socket.gethostname(),
        "git_commit": commit,
        "git_dirty": dirty,
        "environment_digest": environment_digest(),
    }


def git_state(project: Path) -> tuple[str, bool]:
    """Return the commit that the project stands at, and whether files differ from it; ("", False) outside git."""

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", "-C", str(project), *arguments], capture_output=True, text=True, check=False)

    try:
        head = ask("rev-parse", "HEAD")
        changed = ask("status", "--porcelain", "-uno")
    except OSError:
        return "", False
    return (head.stdout.strip(), bool(changed.stdout.strip())) if head.returncode == 0 else ("", False)


@lru_cache
def environment_digest() -> str:
    """Digest the interpreter and the names and versions of all installed distributions."""
    names = sorted({os.path.basename(str(d._path)) for d in distributions()})  # type: ignore[attr-defined]  # a folder's name tells name and version without opening 250 files
    return hashlib.sha256("\n".join([platform.python_version(), *names]).encode()).hexdigest()
