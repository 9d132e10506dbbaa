"""Connections to a metadata store: SQLite by default, MySQL, PostgreSQL or an MLMD server by address."""

import logging
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from weakref import WeakValueDictionary

from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import ConfigError, ConflictError, UnfitEnvironment
from headrace.metadata.lock import held
from headrace.metadata.postgres import PostgresStore

# MLMD logs what it also raises, before it raises it.
logging.getLogger("absl").setLevel(logging.CRITICAL)

AT_ONCE = ("retry connection", "duplicate key", "already exists", "Duplicate entry", "doesn't exist", "does not exist")
"""What MLMD says of a database whose tables another program is making; of one that is missing, too."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two tries."""

SCHEMES = ("sqlite", "mysql", "postgresql", "grpc")
_switched: set[Path] = set()


@dataclass(frozen=True, weakref_slot=True, slots=True)
class Connection:
    """An open store, and the lock file that writers of a SQLite file share."""

    mlmd: MetadataStore | PostgresStore
    lock: Path | None


# A process opens a SQLite file once: closing any second descriptor of it would drop the locks that SQLite holds through
# the first, and another process that closes the file could then take the log away from under it.
_open_here: WeakValueDictionary[Path, Connection] = WeakValueDictionary()


def connect(address: str, *, read_only: bool = False, patience: float = 10.0) -> Connection:
    """Open the store at `sqlite:PATH`, `mysql://…`, `postgresql://…` or `grpc://host:port`.

    `patience` is how many seconds another program may hold a SQLite file.

    Raises ConfigError for another address, ConflictError for a locked SQLite file, UnfitEnvironment for a store that
    cannot be opened. Texts of errors never hold a password.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "sqlite":
        return _connect_sqlite(Path(rest), read_only=read_only, patience=patience)
    try:
        match scheme:
            case "mysql":
                return Connection(_open_server(address), None)
            case "postgresql":
                return Connection(PostgresStore(_open_server(address)), None)
            case "grpc":
                return Connection(MetadataStore(_client(address)), None)
    except ConfigError:
        raise
    except Exception as error:  # a border to foreign code: whatever the driver of a database raises
        raise UnfitEnvironment(
            found=f"the metadata store {without_password(address)} does not answer ({_first_line(error)})",
            expected="a server that takes this user and database",
            do="Check that it runs, and `store` in the configuration",
        ) from None
    raise ConfigError(
        found=f"the metadata store {without_password(address)!r}",
        expected=f"an address that begins with one of {', '.join(SCHEMES)}",
        do="Correct `store` in the configuration, for example sqlite:.headrace/metadata.db",
    )


def _open_server(address: str) -> MetadataStore:
    """Open a database; of two programs that make its tables at once, MLMD lets one fail: it tries again."""
    config = _server(address)
    for pause in PAUSES:
        try:
            return MetadataStore(config)
        except Exception as error:  # a border to foreign code, as above
            if not any(said in str(error) for said in AT_ONCE):
                raise
        time.sleep(pause)
    return MetadataStore(config)


def without_password(address: str) -> str:
    """Show an address as an error or a page may show it."""
    scheme, _, rest = address.partition("://")
    known, at, place = rest.rpartition("@")  # the last one: a password may hold what an address would escape
    user, colon, password = known.partition(":")
    return f"{scheme}://{user}:***@{place}" if at and colon and password else address


def _connect_sqlite(file: Path, *, read_only: bool, patience: float) -> Connection:
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
            opened = Connection(MetadataStore(config), lock)
            _open_here[file.absolute()] = opened
            return opened
    except (sqlite3.OperationalError, RuntimeError, OSError) as error:
        raise _unopened(file, error) from error
    except sqlite3.DatabaseError as error:
        raise UnfitEnvironment(
            found=f"{file} is not a SQLite store ({error})",
            expected="a metadata store that headrace or ML Metadata wrote",
            do=f"Move it away (mv {file} {file}.broken) and run again, or restore a copy",
        ) from error


def _unopened(file: Path, error: Exception) -> ConflictError | UnfitEnvironment:
    if "locked" in str(error).lower() or "busy" in str(error).lower():
        return ConflictError(
            found=f"{file} is locked by another program",
            expected="a store that only headrace writes to",
            do="Close the program that holds it (fuser on that file) and run again",
        )
    return UnfitEnvironment(
        found=f"{file} cannot be opened ({_first_line(error)})",
        expected="a metadata store in a folder that this user can write to",
        do=f"Check the permissions and the disk, or move it away (mv {file} {file}.broken)",
    )


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


def _server(address: str) -> pb.ConnectionConfig:
    parts = _parts(address)
    named = {
        "host": parts.hostname or "",
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    database = parts.path.lstrip("/")
    if not named["host"] or not database:
        raise ConfigError(
            found=f"the metadata store {without_password(address)!r}",
            expected=f"{parts.scheme}://user:password@host:port/database",
            do="Correct `store` in the configuration",
        )
    if parts.scheme == "mysql":
        return pb.ConnectionConfig(mysql=pb.MySQLDatabaseConfig(**named, database=database, port=parts.port or 3306))
    port = str(parts.port or 5432)
    return pb.ConnectionConfig(postgresql=pb.PostgreSQLDatabaseConfig(**named, dbname=database, port=port))


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise ConfigError(
            found=f"the metadata store {without_password(address)!r}",
            expected="an address whose port is a number, and whose password has %23 for #, %2F for / and %40 for @",
            do="Correct `store` in the configuration",
        ) from None
    return parts


def _client(address: str) -> pb.MetadataStoreClientConfig:
    parts = _parts(address)
    return pb.MetadataStoreClientConfig(host=parts.hostname or "", port=parts.port or 8080)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
