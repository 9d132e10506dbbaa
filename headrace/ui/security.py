"""Who may ask: the Host, the token, and the headers that keep a browser from doing more than it should."""

import hmac
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headrace.ui.policy import POLICY

LOCAL = ("127.0.0.1", "localhost", "::1")
ANY = ("0.0.0.0", "::")
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
STRANGER = """<!doctype html><meta charset="utf-8"><title>headrace</title><h1>This page needs its token</h1>
<p>Open the address that <code>headrace ui</code> printed in the terminal: it ends with <code>?token=…</code>.</p>
<p>Programs send it as <code>Authorization: Bearer …</code>.</p>"""


@dataclass(frozen=True)
class Door:
    """What a request must bring: one of the names of this server, and its token."""

    token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0

    @property
    def cookie(self) -> str:
        """The name of the cookie: browsers share cookies among the ports of a host."""
        return f"headrace_{self.port}"

    def knows(self, named: str) -> bool:
        """Tell whether a Host header names this server, so that no other site's name leads here."""
        name = _without_port(named)
        if name in (*LOCAL, self.host):
            return True
        return self.host in ANY and (_is_address(name) or name == socket.gethostname().lower())

    def fits(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())


class Guard:
    """Let in what names this server and has its token; everything that leaves carries the headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(Request(scope))
        await (refusal or self.app)(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        if not self.door.knows(request.headers.get("host", "")):
            return HTMLResponse("this server has another name\n", 421, media_type="text/plain")
        given = request.query_params.get("token")
        if given is not None and self.door.fits(given):
            return self._welcome(request)
        if given is not None or not any(map(self.door.fits, self._shown(request.headers))):
            return HTMLResponse(STRANGER, 401)
        return None

    def _welcome(self, request: Request) -> Response:
        """Keep the token in a cookie and out of the address."""
        rest = [(name, value) for name, value in parse_qsl(request.url.query) if name != "token"]
        path = "/" + request.url.path.lstrip("/")  # two slashes would name another host
        answer = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
        answer.set_cookie(self.door.cookie, self.door.token, httponly=True, samesite="strict", path="/")
        return answer

    def _shown(self, headers: Headers) -> Iterable[str]:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            yield token.strip()
        if found := cookie_parser(headers.get("cookie", "")).get(self.door.cookie):
            yield found


def _without_port(named: str) -> str:
    name = named.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
