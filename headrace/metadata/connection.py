"""Connects to a metadata store: SQLite by default, MySQL, PostgreSQL or an ML Metadata server by address."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from headrace.errors import ConfigError
from headrace.metadata.address import SCHEMES, without_password
from headrace.metadata.database import config_of, open_database
from headrace.metadata.open_store import Connection
from headrace.metadata.patience import CONNECT, Patient, outage_patience
from headrace.metadata.postgres import Translated
from headrace.metadata.remote import credentials_of, open_remote
from headrace.metadata.road import Road, RoadStore
from headrace.metadata.sqlite_file import open_file

# ML Metadata logs what it also raises, before it raises it.
logging.getLogger("absl").setLevel(logging.CRITICAL)


def connect(
    address: str, *, read_only: bool = False, patience: float = CONNECT, outage: float | None = None
) -> Connection:
    """Open the store at `sqlite:PATH`, `mysql://…`, `postgresql://…`, `grpc://host:port` or `grpcs://host:port`.

    `patience` is how many seconds opening it may take, or another program may hold a SQLite file; `outage` is how long
    a server may be unreachable later, instead of what HEADRACE_STORE_PATIENCE says.

    Raises ConfigError for another address, ConflictError for a locked SQLite file, UnfitEnvironment for a store that
    cannot be opened. Texts of errors never hold a password.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "sqlite":
        return open_file(Path(rest), read_only=read_only, patience=patience)
    road = Patient(_opener(scheme, address), without_password(address), outage_patience() if outage is None else outage)
    road.open(patience)
    if scheme == "postgresql":
        return Connection(RoadStore(Translated(road)), None, RoadStore(Translated(road.once)))
    return Connection(RoadStore(road), None, RoadStore(road.once))


def _opener(scheme: str, address: str) -> Callable[[], Road]:
    """Return what opens a server; mistakes in the address and the environment are told here, once."""
    match scheme:
        case "mysql" | "postgresql":
            config_of(address)
            return lambda: open_database(address)
        case "grpc" | "grpcs":
            credentials = credentials_of(os.environ)
            return lambda: open_remote(address, credentials)
    raise ConfigError(
        found=f"the metadata store {without_password(address)!r}",
        expected=f"an address that begins with one of {', '.join(SCHEMES)}",
        do="Correct `store` in the configuration, for example sqlite:.headrace/metadata.db",
    )
