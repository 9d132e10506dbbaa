"""Serves the page: a socket on this machine, a token, and a server that ends with the terminal."""

import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import uvicorn

from headrace.errors import ExitCode, UnfitEnvironment
from headrace.ui.app import app_for
from headrace.ui.security import ANY, Door
from headrace.ui.shown import Shown

FIRST, LAST = 8265, 8365
"""Ports that are tried one after the other."""
FAREWELL = 3
"""Seconds that open streams get when the server ends."""


@dataclass(frozen=True)
class Listening:
    """A socket that is bound, and the address to open, with the token."""

    socket: socket.socket
    door: Door

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.door.host in ANY else self.door.host
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.door.port}/?token={quote(self.door.token)}"


def listen(host: str, port: int = 0) -> Listening:
    """Bind a port of a host; 0 takes the first that is free. Raises UnfitEnvironment."""
    problem: OSError | None = None
    for each in [port] if port else range(FIRST, LAST):
        try:
            bound = socket.create_server((host, each), family=_family(host), reuse_port=False)
        except OSError as error:
            problem = error
            continue
        return Listening(bound, Door(secrets.token_urlsafe(24), host.lower(), each))
    raise UnfitEnvironment(
        found=f"{host}:{port or f'{FIRST}-{LAST}'} cannot be listened on ({problem.strerror if problem else ''})",
        expected="a free port of an address of this machine",
        do="Name another with --port or --host",
    )


def serve(shown: Shown, listening: Listening, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to end; `ready` is called once before."""
    server = server_of(shown, listening)
    signal.signal(signal.SIGTERM, _terminated)
    ready()
    server.run(sockets=[listening.socket])


def server_of(shown: Shown, listening: Listening) -> uvicorn.Server:
    """Make the server; it logs nothing, since addresses hold the token and errors are answers."""
    config = uvicorn.Config(
        app_for(shown, listening.door),
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=FAREWELL,
    )
    server = uvicorn.Server(config)
    shown.is_ending = lambda: server.should_exit
    return server


def _terminated(*_: object) -> None:
    """End in order, so that copies are removed."""
    raise SystemExit(int(ExitCode.TERMINATED))


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
