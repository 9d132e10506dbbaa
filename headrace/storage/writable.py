"""Folders that must be there and writable before any work begins."""

import os
import uuid
from pathlib import Path

from headrace.errors import UnfitEnvironment


def make_writable(folder: Path, *below: Path, setting: str) -> None:
    """Make a folder, and others below it; raises UnfitEnvironment, which names the setting, where that fails."""
    try:
        for made in (folder, *below):
            made.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}-{uuid.uuid4().hex}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise UnfitEnvironment(
            found=f"{folder} cannot be written ({error.strerror})",
            expected="a folder that this user can write to, on a disk with space",
            do=f"Change its owner, free space, or set `{setting}` in configs/local.yaml",
        ) from error
