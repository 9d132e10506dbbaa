"""What an artifact's content is, whatever its path and its times."""

from collections.abc import Mapping
from hashlib import file_digest, sha256
from json import dumps
from pathlib import Path


def file_sha256(file: Path) -> str:
    """Digest the bytes of a file, read in blocks."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def manifest_of(folder: Path) -> dict[str, str]:
    """Map the relative path of every file to the digest of its bytes."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file_sha256(file) for file in files}


def canonical(content: object) -> str:
    """Write plain data in one way; a mapping's order counts, since whoever is given it sees it."""
    return dumps(content, separators=(",", ":"))


def digest_of(content: object) -> str:
    """Digest plain data."""
    return sha256(canonical(content).encode()).hexdigest()


def content_digest(manifest: Mapping[str, str], properties: Mapping[str, object]) -> str:
    """Digest an artifact: its bytes, and the properties that its makers set, since readers see both."""
    return digest_of([sorted(manifest.items()), sorted(properties.items())])
