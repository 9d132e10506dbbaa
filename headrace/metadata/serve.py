"""Serves a store until it is told to end."""

import signal
import threading
from collections.abc import Callable

from headrace.metadata.address import without_password
from headrace.metadata.connection import connect
from headrace.metadata.health import health_handler
from headrace.metadata.listen import Listening, check, listen
from headrace.metadata.server import SERVICE, Backend, server_of
from headrace.metadata.token import TokenCheck

GRACE = 10
"""Seconds that calls may take to end after SIGTERM."""
PATIENCE = 5.0
"""Seconds that a database may be away before clients are told, who wait longer themselves."""


def serve(address: str, listening: Listening, told: Callable[[str], None]) -> None:
    """Serve a store until SIGTERM or SIGINT; calls that are under way are answered first."""
    check(listening)
    backend, stop = Backend(connect(address, outage=PATIENCE)), threading.Event()
    server = server_of(backend, [TokenCheck(listening.token)] if listening.token else [])
    is_healthy = health_handler(lambda: not stop.is_set() and backend.is_healthy(), (SERVICE.full_name,))
    server.add_generic_rpc_handlers([is_healthy])
    place = listen(server, listening)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    told(f"serving {without_password(address)} at {place} ({listening})")
    stop.wait()
    server.stop(GRACE).wait()
