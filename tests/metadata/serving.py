"""Servers of a store, as processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "headrace.cli.main", "metadata", "serve"]


@dataclass(frozen=True)
class Served:
    """A server that runs, and what it said when it started."""

    process: subprocess.Popen[str]
    said: str

    @property
    def place(self) -> str:
        return self.said.partition(" at ")[2].partition(" ")[0]


def start(store: str, *options: str, place: str = "127.0.0.1:0", **environment: str) -> Served:
    """Start a server and wait for its line."""
    process = subprocess.Popen(
        [*COMMAND, "--store", store, "--listen", place, *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout is not None
    return Served(process, process.stdout.readline().strip())


@contextmanager
def served(store: str, *options: str, **environment: str) -> Iterator[Served]:
    """Run a server while the block runs."""
    server = start(store, *options, **environment)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.communicate(timeout=30)


SHARED = ("grpc", "HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES")
"""Stores that several machines could use: behind our server, or in a database that a variable names."""


def shared_store(kind: str, folder: Path) -> Iterator[str]:
    """Name a store of a kind, of which the server is started; a database that is not there skips the test."""
    if kind == "grpc":
        with served(f"sqlite:{folder / 'metadata.db'}") as server:
            yield f"grpc://{server.place}"
    elif address := os.environ.get(kind):
        yield address
    else:
        pytest.skip(f"no server: {kind} is not set")
