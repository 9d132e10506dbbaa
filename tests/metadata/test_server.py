"""ML Metadata's service in front of a store: a server in its own process, the stock client and ours."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc  # type: ignore[import-untyped]  # it has no annotations
import pytest
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb
from ml_metadata.proto import metadata_store_service_pb2 as service
from ml_metadata.proto import metadata_store_service_pb2_grpc as service_grpc

from headrace.errors import ConfigError, ExitCode, UnfitEnvironment
from headrace.metadata.connection import connect
from headrace.metadata.records import Run
from headrace.metadata.store import Store
from headrace.storage.folder_root import FolderRoot
from tests.metadata.certificates import certificates
from tests.metadata.executions import completed
from tests.metadata.serving import COMMAND, Served, served

TOKEN = "a-token-that-is-secret"
BACKSLASHES = "C:\\new\\ 'quoted' ␤/ ␤␤\\"
STORES = ("sqlite", "HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES")


@pytest.fixture(params=STORES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store for a server to serve."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'metadata.db'}"
    found = os.environ.get(request.param)
    if not found:
        pytest.skip(f"no server: {request.param} is not set")
    return found


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pems")
    certificates(folder)
    return folder


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that asks for a token."""
    store = tmp_path_factory.mktemp("guarded") / "metadata.db"
    with served(f"sqlite:{store}", HEADRACE_STORE_TOKEN=TOKEN) as server:
        yield server


def mutual(pems: Path) -> list[str]:
    cert, key, ca = (str(pems / name) for name in ("server.pem", "server.key", "ca.pem"))
    return ["--tls-cert", cert, "--tls-key", key, "--client-ca", ca]


def stock_client(place: str, pems: Path) -> MetadataStore:
    host, _, port = place.rpartition(":")
    config = pb.MetadataStoreClientConfig(host=host, port=int(port))
    config.ssl_config.custom_ca = (pems / "ca.pem").read_text(encoding="utf-8")
    config.ssl_config.client_key = (pems / "client.key").read_text(encoding="utf-8")
    config.ssl_config.server_cert = (pems / "client.pem").read_text(encoding="utf-8")
    return MetadataStore(config)


def test_the_stock_client_writes_and_reads_over_mutual_tls(address: str, pems: Path) -> None:
    with served(address, *mutual(pems)) as server:
        assert server.said.endswith("(mutual TLS)")
        client = stock_client(server.place, pems)
        name = f"stock-{os.urandom(4).hex()}"
        kind = client.put_artifact_type(pb.ArtifactType(name="Stock", properties={"text": pb.STRING}))
        (number,) = client.put_artifacts(
            [
                pb.Artifact(
                    type_id=kind, name=name, uri=BACKSLASHES, properties={"text": pb.Value(string_value=BACKSLASHES)}
                )
            ]
        )
        (found,) = client.get_artifacts_by_id([number])
        assert (found.uri, found.properties["text"].string_value) == (BACKSLASHES, BACKSLASHES)
        assert number in [artifact.id for artifact in client.get_artifacts_by_uri(BACKSLASHES)]


def test_our_client_writes_and_reads_over_mutual_tls(
    pems: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, file in (("CA", "ca.pem"), ("CERT", "client.pem"), ("KEY", "client.key")):
        monkeypatch.setenv(f"HEADRACE_STORE_{name}", str(pems / file))
    with served(f"sqlite:{tmp_path / 'metadata.db'}", *mutual(pems), HEADRACE_STORE_TOKEN=TOKEN) as server:
        monkeypatch.setenv("HEADRACE_STORE_TOKEN", TOKEN)
        store = Store(connect(f"grpcs://{server.place}"), FolderRoot(tmp_path / "artifacts"), "root")
        store.open_run(Run(id="r1", pipeline="p"))
        made = completed(store)
        assert store.with_key(made.key.digest if made.key else "").reusable == [made]
        assert [run.id for run in store.runs()] == ["r1"]


def test_a_client_without_a_certificate_is_not_let_in(
    pems: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADRACE_STORE_CA", str(pems / "ca.pem"))
    with (
        served(f"sqlite:{tmp_path / 'metadata.db'}", *mutual(pems)) as server,
        pytest.raises(UnfitEnvironment, match=r"does not answer.*perhaps it asks for .* a client's certificate"),
    ):
        connect(f"grpcs://{server.place}", patience=0.5)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["an unknown CA", "another name"])
def test_a_server_that_is_not_trusted_is_told_at_once(
    host: str, pems: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if host == "localhost":
        monkeypatch.setenv("HEADRACE_STORE_CA", str(pems / "ca.pem"))
    options = ("--tls-cert", str(pems / "server.pem"), "--tls-key", str(pems / "server.key"))
    with served(f"sqlite:{tmp_path / 'metadata.db'}", *options) as server:
        port = server.place.rpartition(":")[2]
        with pytest.raises(UnfitEnvironment, match=r"do not trust each other \(.*HEADRACE_STORE_CA"):
            connect(f"grpcs://{host}:{port}", patience=60)


@pytest.mark.parametrize("text", ["two\nlines", "tökén"])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_STORE_TOKEN", text)
    with pytest.raises(ConfigError, match="HEADRACE_STORE_TOKEN cannot be sent") as refused:
        connect("grpc://127.0.0.1:1")
    assert text not in str(refused.value)


def test_lists_read_from_a_server(tmp_path: Path) -> None:
    with served(f"sqlite:{tmp_path / 'metadata.db'}", HEADRACE_STORE_TOKEN=TOKEN) as server:
        there = {**os.environ, "HEADRACE_STORE": f"grpc://{server.place}", "HEADRACE_STORE_TOKEN": TOKEN}
        command = [sys.executable, "-m", "headrace.cli.main", "ls", "runs", "-o", "json"]
        assert json.loads(subprocess.check_output(command, env=there, text=True)) == []
        store = Store(connect(f"sqlite:{tmp_path / 'metadata.db'}"), FolderRoot(tmp_path / "artifacts"), "root")
        store.open_run(Run(id="r1", pipeline="p"))
        assert [row["id"] for row in json.loads(subprocess.check_output(command, env=there, text=True))] == ["r1"]


@pytest.mark.parametrize("token", ["another-token", ""], ids=["another", "none"])
def test_a_wrong_token_is_refused_in_one_line(token: str, guarded: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_STORE_TOKEN", token)
    with pytest.raises(UnfitEnvironment, match="refuses who asks") as refused:
        connect(f"grpc://{guarded.place}")
    text = str(refused.value)
    assert "HEADRACE_STORE_TOKEN" in text
    assert "\n" not in text
    assert not [secret for secret in (TOKEN, "another-token") if secret in text]


def test_the_right_token_is_let_in(guarded: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_STORE_TOKEN", TOKEN)
    assert connect(f"grpc://{guarded.place}").mlmd.get_contexts() == []
    assert guarded.said.endswith("(plain, token)")
    assert TOKEN not in guarded.said


def test_health_is_told_to_everybody(guarded: Served) -> None:
    with grpc.insecure_channel(guarded.place) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        assert check(b"") == b"\x08\x01"
        name = b"ml_metadata.MetadataStoreService"
        assert check(b"\x0a" + bytes([len(name)]) + name) == b"\x08\x01"
        with pytest.raises(grpc.RpcError) as refused:
            check(b"\x0a\x01x")
        assert refused.value.code() == grpc.StatusCode.NOT_FOUND


def test_what_the_library_lacks_is_unimplemented(guarded: Served) -> None:
    with grpc.insecure_channel(guarded.place) as channel:
        stub = service_grpc.MetadataStoreServiceStub(channel)
        token = (("authorization", f"Bearer {TOKEN}"),)
        with pytest.raises(grpc.RpcError) as refused:
            stub.GetParentContextsByContexts(
                service.GetParentContextsByContextsRequest(context_ids=[1]), metadata=token
            )
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_bulk_read_of_many_megabytes_passes(tmp_path: Path) -> None:
    with served(f"sqlite:{tmp_path / 'metadata.db'}") as server:
        mlmd = connect(f"grpc://{server.place}").mlmd
        kind = mlmd.put_execution_type(pb.ExecutionType(name="Bulk", properties={"text": pb.STRING}))
        value = {"text": pb.Value(string_value="x" * 600)}
        mlmd.put_executions([pb.Execution(type_id=kind, name=f"e{n}", properties=value) for n in range(10_000)])
        found = mlmd.get_executions_by_id(range(1, 10_001))
        assert len(found) == 10_000
        assert sum(execution.ByteSize() for execution in found) > 6_000_000


def test_a_server_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with served(f"sqlite:{tmp_path / 'metadata.db'}") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0


def refused(*options: str) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=False, timeout=60)
    (line,) = done.stderr.splitlines()
    return done.returncode, line


def test_a_network_is_not_served_without_asking_who_comes(tmp_path: Path) -> None:
    code, line = refused("--store", f"sqlite:{tmp_path / 'nowhere' / 'metadata.db'}", "--listen", "0.0.0.0:0")
    assert (code, "Add --token-file or --client-ca" in line) == (ExitCode.USAGE, True)


def test_a_port_that_is_taken_is_told(guarded: Served, tmp_path: Path) -> None:
    code, line = refused("--store", f"sqlite:{tmp_path / 'metadata.db'}", "--listen", guarded.place)
    assert (code, "Address already in use" in line) == (ExitCode.CONFLICT, True)


def test_files_that_are_not_there_or_hold_no_key_are_told(pems: Path, tmp_path: Path) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'metadata.db'}")
    code, line = refused(*store, "--tls-cert", str(pems / "server.pem"), "--tls-key", str(pems / "none.key"))
    assert (code, "none.key cannot be read (No such file or directory)" in line) == (ExitCode.USAGE, True)
    code, line = refused(*store, "--tls-cert", str(pems / "server.pem"), "--tls-key", str(pems / "client.key"))
    assert (code, "cannot be used" in line) == (ExitCode.USAGE, True)
    (tmp_path / "token").touch()
    code, line = refused(*store, "--token-file", str(tmp_path / "token"))
    assert (code, "is empty" in line) == (ExitCode.USAGE, True)


def test_a_store_that_does_not_open_is_told(tmp_path: Path) -> None:
    (tmp_path / "metadata.db").write_bytes(b"not a database" * 1000)
    code, line = refused("--store", f"sqlite:{tmp_path / 'metadata.db'}")
    assert (code, "is not a SQLite store" in line) == (ExitCode.ENVIRONMENT, True)
    code, line = refused("--store", "grpc://127.0.0.1:1")
    assert (code, "Name what is behind that server" in line) == (ExitCode.USAGE, True)
    code, line = refused("--store", "grpc://user:pw1@127.0.0.1:1?token=pw2")
    assert (code, "pw" in line, "grpc://user:***@127.0.0.1:1?token=***" in line) == (ExitCode.USAGE, False, True)
