"""URLs that are recorded and shown: of a place alone, without what may be a secret."""

from headrace.errors import ConfigError

AZURE = ("abfs", "abfss")
"""Here a container stands before the @ of its account."""


def check_public(url: str) -> None:
    """Refuse a URL of no place, or one that holds more; raises ConfigError, which does not repeat it."""
    scheme, _, where = url.partition("://")
    before, at, _ = where.partition("@")
    if "?" in where or (at and (scheme not in AZURE or ":" in before)):
        raise ConfigError(
            found=f"the root {_masked(url)}, which holds more than a place",
            expected="a URL without a user, a password or a query: it is recorded and shown",
            do="Give credentials in the environment, as fsspec's library for the URL reads them",
        )
    if not where:
        raise ConfigError(
            found=f"the root {url!r}", expected="a URL with a bucket", do="Write s3://bucket/artifacts, say"
        )


def _masked(url: str) -> str:
    scheme, _, where = url.partition("://")
    match "@" in where, "?" in where:
        case True, True:  # a password may hold a question mark, and a query an at sign
            return f"{scheme}://***"
        case True, False:
            return f"{scheme}://***@{where.rpartition('@')[2]}"
        case _:
            return f"{scheme}://{where.partition('?')[0]}?***"
