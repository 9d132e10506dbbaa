"""Addresses of metadata stores: how they are read, and how an error may show them."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from headrace.errors import ConfigError

SCHEMES = ("sqlite", "mysql", "postgresql", "grpc", "grpcs")
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "postgresql": {name: name for name in ("sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert")},
    "mysql": {f"ssl_{name}": name for name in ("ca", "capath", "cert", "key", "cipher", "verify_server_cert")},
}
"""What the query of a database's address may say, and what ML Metadata calls it."""
SHOWN = frozenset(name for options in OPTIONS.values() for name in options) - {"sslpassword"}
PIECE = re.compile(r"([?&;#])([^=&;#]*)(=?)([^&;#]*)")
"""One piece of a query or a fragment: what separates it, its name, its value."""


def parts_of(address: str) -> SplitResult:
    """Take an address apart; raises ConfigError where that is not possible."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise _unreadable(address) from None
    if parts.fragment or "@" in parts.path + parts.query:
        raise _unreadable(address)
    return parts


def _unreadable(address: str) -> ConfigError:
    escapes = "%23 for #, %2F for /, %3F for ? and %40 for @"
    return ConfigError(
        found=f"the metadata store {without_password(address)!r}",
        expected=f"an address whose port is a number, and whose password has {escapes}",
        do="Correct `store` in the configuration",
    )


def host_and_port(address: str, port: int) -> tuple[str, int]:
    """Return where a server is, with the port that it has by default."""
    parts = parts_of(address)
    if not parts.hostname or parts.query:
        raise ConfigError(
            found=f"the metadata store {without_password(address)!r}",
            expected=f"{parts.scheme}://host:port",
            do="Correct `store` in the configuration",
        )
    return parts.hostname, parts.port or port


def without_password(address: str) -> str:
    """Show an address as an error or a page may show it: without passwords, also those in its query."""
    scheme, _, rest = address.partition("://")
    if scheme.startswith("sqlite:") or not rest:
        return address
    known, at, place = rest.rpartition("@")  # the last one: a password may hold what an address would escape
    user, colon, password = known.partition(":")
    who = f"{user}:***@" if at and colon and password else known + at
    return f"{scheme}://{who}{PIECE.sub(_masked, place)}"


def _masked(piece: re.Match[str]) -> str:
    before, name, equals, value = piece.groups()
    if (equals and name in SHOWN) or not (name or value):
        return piece[0]
    return f"{before}{name}=***" if equals else f"{before}***"
