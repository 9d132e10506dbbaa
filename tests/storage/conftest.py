"""An S3-compatible server on this machine, as a process of its own, and buckets in it."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.storage.object_store import ObjectStore
from headrace.storage.state import StateFolder
from headrace.storage.url_root import UrlRoot


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Start the server, and name it and its credentials in the environment, as a user does; return its address."""
    # Werkzeug says in its log, which goes to stderr, where it listens.
    command = [sys.executable, "-m", "moto.server", "-p", "0"]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server,
        pytest.MonkeyPatch.context() as environment,
    ):
        assert server.stderr is not None
        address = next(m[0] for line in server.stderr if (m := re.search(r"http://127\.0\.0\.1:\d+", line)))
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "very-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            environment.setenv(name, value)
        yield address
        server.kill()
        drain.wait()


@pytest.fixture
def bucket(s3: str) -> str:
    """Make a bucket."""
    import s3fs  # type: ignore[import-untyped]  # it has no annotations

    assert os.environ["AWS_ENDPOINT_URL"] == s3
    name = f"bucket-{secrets.token_hex(6)}"
    s3fs.S3FileSystem().mkdir(name)
    return name


@pytest.fixture
def root(bucket: str) -> UrlRoot:
    made = UrlRoot(f"s3://{bucket}/team/artifacts")
    made.make()
    return made


@pytest.fixture
def store(root: UrlRoot) -> ObjectStore:
    return root.store


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    made = StateFolder(tmp_path / ".headrace")
    made.make()
    return made
