"""Locations that are paths on this machine; of all locations, only the root of artifacts may be in an object store."""

from pathlib import Path

from headrace.errors import ConfigError


def local_path(location: str) -> Path:
    """Take a location for a path; raises ConfigError for an address such as `s3://bucket/folder`."""
    scheme, colon, rest = location.partition("://")
    if not colon:
        return Path(location)
    if scheme == "file":
        return Path(rest)
    raise ConfigError(
        found=f"the location {location!r}",
        expected="a path on this machine: object stores are reserved, but for the root of artifacts",
        do="Copy the files here, or mount the store as a folder",
    )
