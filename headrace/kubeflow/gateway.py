"""Requests to a Kubeflow Pipelines API: credentials, retries where nothing can happen twice, errors in one line."""

import json
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from headrace.errors import ConfigError, RemoteError
from headrace.kubeflow.credentials import Credentials, read_credentials
from headrace.kubeflow.endpoint import Endpoint
from headrace.kubeflow.refusals import Asked, cause_of, lost, not_logged_in, refused, untrusted

Answer: TypeAlias = Mapping[str, Any]

WAITS = (0.5, 1.0, 2.0)
"""Seconds before each further attempt."""

BUSY = frozenset({502, 503, 504})
API = "/apis/v2beta1/"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; one that is `repeatable` may arrive twice without harm."""

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    repeatable: bool = True


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: Message
    text: str


class Gateway:
    """Sends requests to one endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        environment: Mapping[str, str] = os.environ,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint
        self._environment, self._sleep = environment, sleep
        self._opener = _opener(endpoint)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """Ask for a resource."""
        return self.send(Request(method="GET", path=path, query=query or {}))

    def post(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Answer:
        """Send plain data."""
        text = json.dumps(body).encode()
        return self.send(Request(method="POST", path=path, body=text, repeatable=repeatable))

    def send(self, request: Request) -> Answer:
        """Send a request, again where that is harmless, and read its answer; raises RemoteError."""
        asked = Asked(self.endpoint, request.method, request.path)
        for wait in (*WAITS, None):
            credentials = read_credentials(self.endpoint, self._environment)
            try:
                reply = self._attempt(request, credentials)
            except (OSError, HTTPException) as error:
                if wait is None or untrusted(error) or not (request.repeatable or never_sent(error)):
                    raise lost(asked, error, repeatable=request.repeatable) from error
            else:
                if not (reply.status in BUSY and request.repeatable and wait is not None):
                    return _read(asked, reply, credentials)
            self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, request: Request, credentials: Credentials) -> _Reply:
        query = f"?{urlencode(request.query)}" if request.query else ""
        sent = urllib.request.Request(
            f"{self.endpoint.url}{API}{request.path}{query}", request.body, method=request.method
        )
        sent.add_header("Accept", "application/json")
        sent.add_header("Content-Type", request.content_type)
        for name, value in credentials.headers.items():
            sent.add_unredirected_header(name, value)
        try:
            with self._opener.open(sent, timeout=self.endpoint.timeout) as answer:
                return _Reply(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            with error:
                return _Reply(error.code, error.headers, error.read().decode("utf-8", "replace"))


def never_sent(error: Exception) -> bool:
    """Tell whether an attempt ended before a byte of it went out."""
    return isinstance(cause_of(error), ConnectionRefusedError)


def _read(asked: Asked, reply: _Reply, credentials: Credentials) -> Answer:
    """Turn a reply into plain data, or into the error that it is."""
    page = reply.headers.get_content_type() == "text/html"
    if 300 <= reply.status < 400 or (page and reply.status < 400):  # noqa: PLR2004  HTTP's classes
        raise not_logged_in(asked, reply.status)
    try:
        answer = json.loads(reply.text or "{}")
    except ValueError:
        answer = None
    if reply.status >= 400:  # noqa: PLR2004  HTTP's classes
        said = answer if isinstance(answer, dict) else {}
        message = said.get("message") or said.get("error_message") or ("" if page else reply.text)
        raise refused(asked, reply.status, credentials.hide(str(message)))
    if not isinstance(answer, dict):
        raise RemoteError(
            found=f"{asked} answered with something other than JSON",
            expected="a Kubeflow Pipelines API (v2beta1)",
            do="Correct the endpoint: in a full Kubeflow it ends with /pipeline",
            status=reply.status,
        )
    return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: an API that redirects wants a log-in, and credentials go to the endpoint alone."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener(endpoint: Endpoint) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if endpoint.url.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=_trust(endpoint)))
    if urlsplit(endpoint.url).hostname in ("localhost", "127.0.0.1", "::1"):
        handlers.append(urllib.request.ProxyHandler({}))  # a forwarded port is never behind a proxy
    return urllib.request.build_opener(*handlers)


def _trust(endpoint: Endpoint) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(endpoint.ca_file) if endpoint.ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            found=f"the CA file {endpoint.ca_file} cannot be used ({error.strerror or type(error).__name__})",
            expected="certificates in PEM",
            do="Correct ca_file, or --ca-file",
        ) from error
