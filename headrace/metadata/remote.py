"""A store behind an ML Metadata server: gRPC, plain or with TLS, with a bearer token where there is one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]  # it has no annotations
from ml_metadata.errors import StatusError, make_exception
from ml_metadata.proto import metadata_store_service_pb2 as service
from ml_metadata.proto import metadata_store_service_pb2_grpc as service_grpc

from headrace.errors import ConfigError, UnfitEnvironment, first_line
from headrace.metadata.address import host_and_port, without_password
from headrace.metadata.patience import Unreachable, is_lost
from headrace.metadata.road import Road

TOKEN, CA = "HEADRACE_STORE_TOKEN", "HEADRACE_STORE_CA"
CERT, KEY = "HEADRACE_STORE_CERT", "HEADRACE_STORE_KEY"
PORT = 8080
CALL = 300.0
"""Seconds that one call may take."""
KNOCK = 5.0
"""Seconds that the first call may take, which asks for nothing."""
DISTRUST = ("TSI_PROTOCOL_FAILURE", "create security handshaker", "erification Check")
"""What gRPC says where TLS fails."""
HUNG_UP = "Socket closed"
OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Who asks, and whom it trusts: a token, and PEM texts."""

    token: str = ""
    ca: bytes | None = None
    cert: bytes | None = None
    key: bytes | None = None


def credentials_of(environment: Mapping[str, str] = os.environ) -> Credentials:
    """Read HEADRACE_STORE_TOKEN, and the files that HEADRACE_STORE_CA, _CERT and _KEY name."""
    ca, cert, key = (_pem(name, environment.get(name, "")) for name in (CA, CERT, KEY))
    if bool(cert) != bool(key):
        raise ConfigError(found=f"one of {CERT} and {KEY}", expected="both or none", do="Set the other one too")
    token = environment.get(TOKEN, "").strip()
    if not (token.isascii() and token.isprintable()):
        raise ConfigError(found=f"{TOKEN} cannot be sent", expected="one line of ASCII", do=f"Correct {TOKEN}")
    return Credentials(token=token, ca=ca, cert=cert, key=key)


def _pem(name: str, file: str) -> bytes | None:
    if not file:
        return None
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(
            found=f"{name}: {file} cannot be read ({error.strerror})", expected="a PEM file", do=f"Correct {name}"
        ) from None


class Remote:
    """A road to a server."""

    def __init__(self, channel: grpc.Channel, token: str, name: str) -> None:
        self._stub = service_grpc.MetadataStoreServiceStub(channel)
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._name = name

    def __call__(self, method: str, request: Any, response: Any, timeout: float = CALL) -> None:
        try:
            answer = getattr(self._stub, method)(request, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
                raise self._refused(str(error.details())) from None
            raise make_exception(str(error.details()), error.code().value[0]) from None
        response.CopyFrom(answer)

    def _refused(self, said: str) -> UnfitEnvironment:
        return UnfitEnvironment(
            found=f"the metadata store {self._name} refuses who asks ({said})",
            expected=f"the token that the server was started with in {TOKEN}",
            do="Set it to that token",
        )


def open_remote(address: str, credentials: Credentials) -> Road:
    """Open a server, which must answer; raises Unreachable."""
    road = Remote(_channel(address, credentials), credentials.token, without_password(address))
    try:
        asked, answer = service.GetContextTypesByIDRequest(), service.GetContextTypesByIDResponse()
        road("GetContextTypesByID", asked, answer, KNOCK)
    except StatusError as error:
        if any(said in str(error) for said in DISTRUST):
            raise _distrusted(address, error) from None
        if is_lost(error):
            hint = ": perhaps it asks for TLS, or for a client's certificate" if HUNG_UP in str(error) else ""
            raise Unreachable(first_line(error) + hint) from None
        raise
    return road


def _distrusted(address: str, error: StatusError) -> UnfitEnvironment:
    reason = str(error).rpartition("OPENSSL_internal:")[2].rpartition("last error: ")[2][:100]
    return UnfitEnvironment(
        found=f"the metadata store {without_password(address)} and this program do not trust each other ({reason})",
        expected=f"a certificate for the name in the address, signed by {CA}, and for mutual TLS {CERT} and {KEY}",
        do="Correct them, or write grpc:// where the server has no TLS",
    )


def _channel(address: str, credentials: Credentials) -> grpc.Channel:
    host, port = host_and_port(address, PORT)
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if address.startswith("grpc:"):
        return grpc.insecure_channel(target, options=OPTIONS)
    secure = grpc.ssl_channel_credentials(credentials.ca, credentials.key, credentials.cert)
    return grpc.secure_channel(target, secure, options=OPTIONS)
