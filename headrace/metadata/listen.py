"""Where a server listens and whom it lets in; mistakes are told before anything starts."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc  # type: ignore[import-untyped]  # it has no annotations

from headrace.errors import ConfigError, ConflictError, UnfitEnvironment


@dataclass(frozen=True, kw_only=True)
class Listening:
    """A place to listen at, `host:port`, and what it asks of clients."""

    place: str
    cert: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    token: str = ""
    insecure: bool = False

    def __str__(self) -> str:
        ways = [
            ("mutual TLS" if self.client_ca else "TLS") if self.cert else "plain",
            *(["token"] if self.token else []),
        ]
        return ", ".join(ways)


def check(listening: Listening) -> None:
    """Raise ConfigError or ConflictError for what could not be served, before a store is opened."""
    host, port = _host_and_port(listening.place)
    _check_open(listening, host)
    _credentials(listening)
    _check_free(host, port, listening.place)


def listen(server: grpc.Server, listening: Listening) -> str:
    """Bind a server and return `host:port`; raises ConfigError, ConflictError, UnfitEnvironment."""
    check(listening)
    host, port = _host_and_port(listening.place)
    credentials = _credentials(listening)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        bound = server.add_secure_port(place, credentials) if credentials else server.add_insecure_port(place)
    except RuntimeError as error:
        raise UnfitEnvironment(
            found=f"{listening.place} cannot be listened at ({error})", expected="a free port", do="Correct --listen"
        ) from None
    return f"{place.rpartition(':')[0]}:{bound}"


def _host_and_port(place: str) -> tuple[str, int]:
    host, _, port = place.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:  # noqa: PLR2004  the last port
        raise ConfigError(found=f"--listen {place}", expected="HOST:PORT", do="Write for example 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _check_open(listening: Listening, host: str) -> None:
    """Refuse to serve a network without asking who comes."""
    if listening.token or listening.client_ca or listening.insecure or _is_loopback(host):
        return
    raise ConfigError(
        found=f"--listen {listening.place}, which other machines reach",
        expected="a token or a client CA, so that not everybody may write",
        do="Add --token-file or --client-ca, listen at 127.0.0.1, or say --insecure",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _credentials(listening: Listening) -> grpc.ServerCredentials | None:
    if bool(listening.cert) != bool(listening.key) or (listening.client_ca and not listening.cert):
        raise ConfigError(
            found="--tls-cert, --tls-key or --client-ca without the others that it needs",
            expected="a certificate and its key, and a client CA only beside them",
            do="Give the missing ones too",
        )
    if listening.cert is None or listening.key is None:
        return None
    _check_pems(listening.cert, listening.key, listening.client_ca)
    pair = (listening.key.read_bytes(), listening.cert.read_bytes())
    ca = listening.client_ca.read_bytes() if listening.client_ca else None
    return grpc.ssl_server_credentials([pair], root_certificates=ca, require_client_auth=ca is not None)


def _check_pems(cert: Path, key: Path, client_ca: Path | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for file in (cert, key, *([client_ca] if client_ca else [])):
        try:
            file.read_bytes()
        except OSError as error:
            raise ConfigError(
                found=f"{file} cannot be read ({error.strerror})",
                expected="a PEM file that this user can read",
                do="Correct the option, or the file's permissions",
            ) from None
    try:
        context.load_cert_chain(cert, key, password="")
        if client_ca:
            context.load_verify_locations(client_ca)
    except ssl.SSLError as error:
        raise ConfigError(
            found=f"{cert}, {key}{f' or {client_ca}' if client_ca else ''} cannot be used ({error.reason or error})",
            expected="PEM files: a certificate, its own key without a password, a CA",
            do="Make them again",
        ) from None


def _check_free(host: str, port: int, place: str) -> None:
    """Find out whether the place is there and free; gRPC does not say which of the two is wrong."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise ConflictError(
            found=f"{place} cannot be listened at ({error.strerror})",
            expected="an address of this machine with a free port",
            do="Choose another --listen, or end the program that has it",
        ) from None
