"""Databases as stores: MySQL, MariaDB and PostgreSQL, through ML Metadata's own library."""

import random
import socket
import threading
import time
from typing import Any
from urllib.parse import parse_qsl, unquote

from ml_metadata.errors import AbortedError, InternalError, StatusError
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import ConfigError, first_line
from headrace.metadata.address import OPTIONS, parts_of, without_password
from headrace.metadata.patience import Unreachable
from headrace.metadata.road import Road, road_of

AT_ONCE = ("retry connection", "duplicate key", "already exists", "Duplicate entry", "doesn't exist", "does not exist")
"""What ML Metadata says of a database whose tables another program is making; of one that is missing, too."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two tries."""
PORTS = {"mysql": 3306, "postgresql": 5432}
WORDLESS = (
    "mysql_real_connect failed: errno: , error:",
    "PostgreSQL metadata source error: connection pointer is NULL",
)
"""What it says of a database that refuses a user, or is not ready."""
KNOCK = 3.0
"""Seconds that a server may take to accept a connection."""
VERIFY = "ssl_verify_server_cert"
VALUES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    VERIFY: ("true", "false"),
}
"""The options of an address that know some words only."""

CONFLICTS = 8
"""How often a call is made again at once that another one's transaction was in the way of."""
SPREAD = 0.1
"""Seconds within which it is made again."""
ROLLED_BACK = "current transaction is aborted"
"""What PostgreSQL says where ML Metadata goes on after another process wrote the same row."""


class Database:
    """A road to an open database, for one call at a time."""

    def __init__(self, store: MetadataStore) -> None:
        self._road = road_of(store)
        self._guard = threading.Lock()

    def __call__(self, method: str, request: Any, response: Any) -> None:
        for _ in range(CONFLICTS):
            try:
                with self._guard:
                    return self._road(method, request, response)
            except AbortedError:
                pass
            except InternalError as error:
                if ROLLED_BACK not in str(error):
                    raise
            time.sleep(random.uniform(0, SPREAD))
        with self._guard:
            return self._road(method, request, response)


def open_database(address: str) -> Road:
    """Open the database at an address; raises Unreachable, with the reason where there is one."""
    config = config_of(address)
    _knock(address)
    try:
        return Database(_made(config))
    except (RuntimeError, StatusError) as error:
        said = first_line(error)
        raise Unreachable("it refuses this user, or is not ready" if said in WORDLESS else said) from None


def _knock(address: str) -> None:
    """Find out whether somebody listens: ML Metadata connects with the process held, and does not say why."""
    parts = parts_of(address)
    port = parts.port or PORTS[parts.scheme]
    try:
        socket.create_connection((parts.hostname or "", port), timeout=KNOCK).close()
    except OSError as error:
        raise Unreachable(error.strerror or str(error)) from None


def _made(config: pb.ConnectionConfig) -> MetadataStore:
    """Open a store; of two programs that make its tables at once, ML Metadata lets one fail: it tries again."""
    for pause in PAUSES:
        try:
            return MetadataStore(config)
        except (RuntimeError, StatusError) as error:
            if not any(said in str(error) for said in AT_ONCE):
                raise
        time.sleep(pause)
    return MetadataStore(config)


def config_of(address: str) -> pb.ConnectionConfig:
    """Read the address of a database; raises ConfigError."""
    parts = parts_of(address)
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
    options = _options(address, parts.scheme, parts.query)
    port = parts.port or PORTS[parts.scheme]
    if parts.scheme == "mysql":
        mysql = pb.MySQLDatabaseConfig(**named, database=database, port=port, ssl_options=options)
        return pb.ConnectionConfig(mysql=mysql)
    postgresql = pb.PostgreSQLDatabaseConfig(**named, dbname=database, port=str(port), ssloption=options)
    return pb.ConnectionConfig(postgresql=postgresql)


def _options(address: str, scheme: str, query: str) -> dict[str, str | bool] | None:
    """Read how TLS is done from the query of an address; raises ConfigError for what else it says."""
    options: dict[str, str | bool] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in OPTIONS[scheme]:
            raise _refused(address, f"{name!r}", f"only {', '.join(OPTIONS[scheme])}")
        allowed = VALUES.get(name, (value,) if value else ())
        if value not in allowed:
            raise _refused(
                address, f"this {name}", f"one of {', '.join(VALUES[name])}" if name in VALUES else "a value"
            )
        options[OPTIONS[scheme][name]] = value == "true" if name == VERIFY else value
    return options or None


def _refused(address: str, what: str, expected: str) -> ConfigError:
    return ConfigError(
        found=f"{what} in the query of the metadata store {without_password(address)!r}",
        expected=expected,
        do="Correct `store` in the configuration",
    )
