"""A store in a SQLite file: write-ahead logging, one open descriptor a process, a lock among writers."""

import sqlite3
from pathlib import Path
from weakref import WeakValueDictionary

from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import ConflictError, UnfitEnvironment, first_line
from headrace.metadata.lock import held
from headrace.metadata.open_store import Connection

_switched: set[Path] = set()

# A process opens a SQLite file once: closing any second descriptor of it would drop the locks that SQLite holds through
# the first, and another process that closes the file could then take the log away from under it.
_open_here: WeakValueDictionary[Path, Connection] = WeakValueDictionary()


def open_file(file: Path, *, read_only: bool, patience: float) -> Connection:
    """Open a file, unless this process has it open; raises ConflictError, UnfitEnvironment."""
    known = _open_here.get(file.absolute())
    if known and (read_only or known.lock):
        return known
    if read_only and not file.is_file():
        raise UnfitEnvironment(
            found=f"no metadata store at {file}", expected="one that a run has made", do="Run a pipeline first"
        )
    mode = pb.SqliteMetadataSourceConfig.READONLY if read_only else pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    config = pb.ConnectionConfig(sqlite=pb.SqliteMetadataSourceConfig(filename_uri=str(file), connection_mode=mode))
    lock = None if read_only else file.with_name(f"{file.name}.lock")
    try:
        with held(lock):
            if not read_only:
                _write_ahead(file.absolute(), patience)
            store = MetadataStore(config)
            opened = Connection(store, lock, store)
            _open_here[file.absolute()] = opened
            return opened
    except (sqlite3.OperationalError, RuntimeError, OSError) as error:
        raise _unopened(file, error, read_only=read_only) from error
    except sqlite3.DatabaseError as error:
        raise UnfitEnvironment(
            found=f"{file} is not a SQLite store ({error})",
            expected="a metadata store that headrace or ML Metadata wrote",
            do=f"Move it away (mv {file} {file}.broken) and run again, or restore a copy",
        ) from error


def open_on(file: Path) -> Connection | None:
    """Return the connection that this process has to a file."""
    return _open_here.get(file.absolute())


def forget(file: Path) -> None:
    """Open a file anew next time: another one stands at its path. Who has the earlier one open keeps it."""
    _open_here.pop(file.absolute(), None)


def file_of(connection: Connection) -> Path | None:
    """Say which file a store of this process is in; None for a server's."""
    return next((file for file, known in list(_open_here.items()) if known is connection), None)


def _unopened(file: Path, error: Exception, *, read_only: bool) -> ConflictError | UnfitEnvironment:
    if any(word in str(error).lower() for word in ("locked", "busy", "aborted")):
        return ConflictError(
            found=f"{file} is locked by another program",
            expected="a store that only headrace writes to",
            do="Close the program that holds it (fuser on that file) and run again",
        )
    found = f"{file} cannot be opened ({first_line(error)})"
    if read_only:
        expected = "a metadata store that this user can read"
        last = f"restore a copy; without one, move it away (mv {file} {file}.broken)"
    else:
        expected = "a metadata store in a folder that this user can write to"
        last = f"move it away (mv {file} {file}.broken)"
    return UnfitEnvironment(found=found, expected=expected, do=f"Check the permissions and the disk, or {last}")


def _write_ahead(file: Path, patience: float) -> None:
    """Switch the file to write-ahead logging, which stays in it: a write takes 1 ms and not 21.

    Once a process: Python's SQLite and MLMD's are two libraries, and POSIX takes all locks of a process on a file when
    one of them closes it. The last writer would then delete the log under a store that is open.
    """
    if file in _switched:
        return
    database = sqlite3.connect(file, timeout=patience)
    try:
        if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            database.execute("PRAGMA journal_mode=WAL")
    finally:
        database.close()
    _switched.add(file)
