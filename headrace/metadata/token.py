"""The bearer token of a server: whoever does not send it is refused; the health service stays open."""

import hmac
from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]  # it has no annotations

from headrace.metadata import health


class TokenCheck(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc has no annotations
    """Refuse calls that carry another token or none."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()
        self._refusal = grpc.unary_unary_rpc_method_handler(_refuse)

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Let a call through, or answer it with UNAUTHENTICATED."""
        sent = dict(handler_call_details.invocation_metadata).get("authorization", "")
        written = sent if isinstance(sent, bytes) else sent.encode()
        is_open = handler_call_details.method.startswith(f"/{health.SERVICE}/")
        if is_open or hmac.compare_digest(written, self._expected):
            return continuation(handler_call_details)
        return self._refusal


def _refuse(request: bytes, context: Any) -> bytes:  # noqa: ARG001  the signature of a handler
    context.abort(grpc.StatusCode.UNAUTHENTICATED, "no token, or another one than this server's")
    return b""
