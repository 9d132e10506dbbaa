"""The standard health service, `grpc.health.v1`: what Kubernetes and grpc_health_probe ask, without a token.

Its messages have one field each, so they are written here; `Watch` is not offered, which the protocol allows.
"""

from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]  # it has no annotations

SERVICE = "grpc.health.v1.Health"
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


def health_handler(is_healthy: Callable[[], bool], services: tuple[str, ...]) -> grpc.GenericRpcHandler:
    """Answer for the server as a whole, and for the services that it names."""
    known = {b"", *(b"\x0a" + bytes([len(name)]) + name.encode() for name in services)}

    def check(request: bytes, context: Any) -> bytes:
        if request not in known:
            context.abort(grpc.StatusCode.NOT_FOUND, f"this server has {', '.join(services)}")
        return SERVING if is_healthy() else NOT_SERVING

    handlers = {"Check": grpc.unary_unary_rpc_method_handler(check)}
    return grpc.method_handlers_generic_handler(SERVICE, handlers)
