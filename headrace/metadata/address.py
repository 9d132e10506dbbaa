"""Addresses of metadata stores: how they are read, and how an error may show them."""

from urllib.parse import SplitResult, urlsplit

from headrace.errors import ConfigError

SCHEMES = ("sqlite", "mysql", "postgresql", "grpc", "grpcs")


def parts_of(address: str) -> SplitResult:
    """Take an address apart; raises ConfigError where that is not possible."""
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


def host_and_port(address: str, port: int) -> tuple[str, int]:
    """Return where a server is, with the port that it has by default."""
    parts = parts_of(address)
    if not parts.hostname:
        raise ConfigError(
            found=f"the metadata store {without_password(address)!r}",
            expected=f"{parts.scheme}://host:port",
            do="Correct `store` in the configuration",
        )
    return parts.hostname, parts.port or port


def without_password(address: str) -> str:
    """Show an address as an error or a page may show it."""
    scheme, _, rest = address.partition("://")
    known, at, place = rest.rpartition("@")  # the last one: a password may hold what an address would escape
    user, colon, password = known.partition(":")
    return f"{scheme}://{user}:***@{place}" if at and colon and password else address


def first_line(error: Exception) -> str:
    """Return the first line of an error, or its type where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
