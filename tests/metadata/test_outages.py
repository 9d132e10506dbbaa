"""A store that is away for a while in the middle of writers: nothing is lost, nothing is recorded twice."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import grpc  # type: ignore[import-untyped]  # it has no annotations
import pytest

from headrace.errors import UnfitEnvironment
from headrace.metadata.connection import connect
from headrace.metadata.health import NOT_SERVING, SERVING
from tests.metadata.proxy import Proxy
from tests.metadata.serving import served
from tests.metadata.serving import start as start_server
from tests.metadata.test_shared_writers import check, start

AWAY = 2.0
WRITERS, RUNS = 4, 5


def started(address: str, pipeline: str) -> list[subprocess.Popen[str]]:
    """Start writers, and wait until each has recorded something."""
    writers = [start(address, f"{pipeline}-w{number}", RUNS) for number in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    return writers


def ended(writers: Sequence[subprocess.Popen[str]]) -> list[int]:
    for writer in writers:
        writer.communicate(timeout=120)
    return [writer.returncode for writer in writers]


@pytest.mark.parametrize("kind", ["grpc", "HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES"])
def test_a_network_that_fails_loses_nothing_and_repeats_nothing(kind: str, tmp_path: Path) -> None:
    address = "grpc" if kind == "grpc" else os.environ.get(kind)
    if not address:
        pytest.skip(f"no server: {kind} is not set")
    pipeline = f"p{os.urandom(4).hex()}"
    with served(f"sqlite:{tmp_path / 'metadata.db'}") as server:
        address = f"grpc://{server.place}" if kind == "grpc" else address
        parts = urlsplit(address)
        proxy = Proxy(parts.hostname or "", parts.port or 0)
        through = address.replace(f":{parts.port}", f":{proxy.port}")
        writers = started(through, pipeline)
        for _ in range(2):
            proxy.cut()
            time.sleep(AWAY / 2)
            proxy.mend()
            time.sleep(0.3)
        assert ended(writers) == [0] * WRITERS
        check(address, pipeline, [f"{pipeline}-w{number}" for number in range(WRITERS)], RUNS)


@pytest.mark.parametrize("kind", ["HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES"])
def test_a_database_that_fails_behind_a_server_loses_nothing(kind: str) -> None:
    address = os.environ.get(kind)
    if not address:
        pytest.skip(f"no server: {kind} is not set")
    pipeline, parts = f"p{os.urandom(4).hex()}", urlsplit(address)
    proxy = Proxy(parts.hostname or "", parts.port or 0)
    with served(address.replace(f":{parts.port}", f":{proxy.port}")) as server:
        writers = started(f"grpc://{server.place}", pipeline)
        proxy.cut()
        time.sleep(AWAY)
        proxy.mend()
        assert ended(writers) == [0] * WRITERS
    check(address, pipeline, [f"{pipeline}-w{number}" for number in range(WRITERS)], RUNS)


@pytest.mark.parametrize("kind", ["HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES"])
def test_health_tells_that_a_database_is_away_and_that_it_is_back(kind: str) -> None:
    address = os.environ.get(kind)
    if not address:
        pytest.skip(f"no server: {kind} is not set")
    parts = urlsplit(address)
    proxy = Proxy(parts.hostname or "", parts.port or 0)
    through = address.replace(f":{parts.port}", f":{proxy.port}")
    with served(through) as server, grpc.insecure_channel(server.place) as channel:
        check_health = channel.unary_unary("/grpc.health.v1.Health/Check")
        assert check_health(b"") == SERVING
        proxy.cut()
        with pytest.raises(UnfitEnvironment, match="the database behind this server does not answer"):
            connect(f"grpc://{server.place}", outage=0.0).mlmd.get_contexts()
        assert check_health(b"") == NOT_SERVING
        proxy.mend()
        assert check_health(b"") == SERVING


def test_a_server_that_is_killed_and_started_again_loses_nothing(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'metadata.db'}"
    server = start_server(store)
    writers = started(f"grpc://{server.place}", "p")
    server.process.kill()
    server.process.communicate()
    time.sleep(AWAY)
    again = start_server(store, place=server.place)
    assert ended(writers) == [0] * WRITERS
    again.process.terminate()
    again.process.communicate(timeout=30)
    check(store, "p", [f"p-w{number}" for number in range(WRITERS)], RUNS)


def test_an_outage_that_lasts_longer_than_the_patience_is_one_line(tmp_path: Path) -> None:
    with served(f"sqlite:{tmp_path / 'metadata.db'}") as server:
        mlmd = connect(f"grpc://{server.place}", outage=0.5).mlmd
        assert mlmd.get_contexts() == []
    with pytest.raises(UnfitEnvironment, match=r"does not answer, tried for \d s .*HEADRACE_STORE_PATIENCE") as lost:
        mlmd.get_contexts()
    assert "\n" not in str(lost.value)


def test_a_wrong_address_is_told_after_a_few_tries() -> None:
    with pytest.raises(UnfitEnvironment, match=r"grpc://127.0.0.1:1 does not answer, tried for 1 s"):
        connect("grpc://127.0.0.1:1", patience=1.0)
