"""A Kubeflow Pipelines API over HTTP that checks every request and every answer, and can be told to misbehave."""

import base64
import json
import re
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from tests.kubeflow.api_schema import check
from tests.kubeflow.fake_kubeflow import Held, Kubeflow, Refusal, find, invalid, select

API = "/apis/v2beta1/"
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 500: 13, 501: 12, 503: 14}
Named: TypeAlias = tuple[str, Held]
"""The name of a message, empty for an empty one, and what it holds."""


@dataclass(frozen=True)
class Arrived:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def read(self, name: str) -> Held:
        """Read the body as one message of the API."""
        try:
            value: Held = json.loads(self.body or b"{}")
            check(name, value)
        except ValueError as error:
            raise invalid(str(error)) from error
        return value

    def file(self) -> str:
        """Take the file out of a form."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + self.body)
        for part in form.iter_parts() if form.is_multipart() else ():
            if part.get_param("name", header="content-disposition") == "uploadfile":
                return bytes(part.get_payload(decode=True)).decode()
        raise invalid("Failed to read pipeline from file")


@dataclass
class FakeApi:
    """A running server; `seen` is what arrived.

    `troubles` happen to the next requests, those of `always` to each request that begins so (`DELETE recurringruns`): a
    status; an answer in JSON; `drop` without doing it, `lose` the answer after doing it; `login`, `page`; `hang` until
    the server ends.
    After `changes` requests that change something, it refuses all further ones.
    """

    url: str
    kubeflow: Kubeflow
    troubles: list[str] = field(default_factory=list)
    always: dict[str, str] = field(default_factory=dict)
    changes: int = sys.maxsize
    seen: list[Arrived] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def trouble(self, arrived: "Arrived") -> str:
        """Take what is to happen to a request."""
        if arrived.method != "GET":
            self.changes -= 1
            if self.changes < 0:
                return "500"
        if self.troubles:
            return self.troubles.pop(0)
        asked = f"{arrived.method} {arrived.path}"
        return next((trouble for start, trouble in self.always.items() if asked.startswith(start)), "")

    def asked(self, method: str = "") -> list[str]:
        """List the paths of the requests that arrived."""
        return [each.path for each in self.seen if method in ("", each.method)]


@contextmanager
def serving(kubeflow: Kubeflow, certificates: Path | None = None) -> Iterator[FakeApi]:
    """Serve on a port of its own, over TLS where a folder of certificates is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    api = FakeApi(f"{'https' if certificates else 'http'}://127.0.0.1:{server.server_port}", kubeflow)
    _Handler.served[server.server_port] = api
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[dict[int, FakeApi]] = {}
    lock = threading.Lock()

    def log_message(self, *_: Any) -> None:
        pass

    def _handle(self) -> None:
        api = self.served[self.server.server_address[1]]  # type: ignore[index]  # an address of the internet family
        arrived = self._arrived()
        api.seen.append(arrived)
        trouble = api.trouble(arrived)
        if trouble == "hang":
            api.ended.wait()
        if trouble in ("drop", "hang"):
            return
        if trouble == "login":
            self._send(302, "text/html", b"<html>Log in</html>", {"Location": "/dex/auth"})
        elif trouble == "page":
            self._send(200, "text/html", b"<html>Log in</html>")
        elif trouble.startswith("{"):
            self._send(200, "application/json", trouble.encode())
        elif trouble.isdigit():
            self._refuse(Refusal(int(trouble), "upstream is away"))
        else:
            self._answer(api, arrived, lost=trouble == "lose")

    do_GET = do_POST = do_DELETE = _handle  # noqa: N815  http.server's names

    def _arrived(self) -> Arrived:
        address = urlsplit(self.path)
        return Arrived(
            self.command,
            unquote(address.path).removeprefix(API),
            {name: values[-1] for name, values in parse_qs(address.query).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )

    def _answer(self, api: FakeApi, arrived: Arrived, *, lost: bool) -> None:
        try:
            with self.lock:
                _authorise(api.kubeflow, arrived)
                name, held = route(api.kubeflow, arrived)
            if name:
                check(name, held)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        if not lost:
            self._send(200, "application/json", json.dumps(held).encode())

    def _refuse(self, refusal: Refusal) -> None:
        code = CODES.get(refusal.status, 2)
        answer = {"error": refusal.message, "code": code, "message": refusal.message, "details": []}
        self._send(refusal.status, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _authorise(kubeflow: Kubeflow, arrived: Arrived) -> None:
    if kubeflow.token is not None and arrived.headers.get("authorization") != f"Bearer {kubeflow.token}":
        raise Refusal(401, "Unauthenticated: Failed to authenticate token: token has expired")


Handler: TypeAlias = Callable[[Kubeflow, Arrived, "re.Match[str]"], Named]


def route(kubeflow: Kubeflow, arrived: Arrived) -> Named:
    """Find what a request asks for, and do it."""
    for method, pattern, handler in ROUTES:
        found = re.fullmatch(pattern, arrived.path)
        if found and method == arrived.method:
            return handler(kubeflow, arrived, found)
    raise Refusal(501, "Method Not Allowed")


def _listing(name: str, key: str, kept: Callable[[Kubeflow], dict[str, Held]]) -> Handler:
    def answer(kubeflow: Kubeflow, arrived: Arrived, _: "re.Match[str]") -> Named:
        if kubeflow.multi_user and not arrived.query.get("namespace"):
            raise invalid("Namespace is empty")
        return name, _page(key, select(kept(kubeflow), arrived.query), arrived.query)

    return answer


def _page(key: str, found: list[Held], query: dict[str, str]) -> Held:
    """Cut one page out of a list; a token belongs to its filter and its order, as the server insists."""
    criteria = [query.get("filter", ""), query.get("sort_by", "")]
    size = min(int(query.get("page_size") or 20), 200)
    begin = 0
    if query.get("page_token"):
        begin, *had = json.loads(base64.b64decode(query["page_token"]))
        if had != criteria:
            raise invalid("page token does not match the supplied sort by and/or filtering criteria")
    answer: Held = {"total_size": len(found)}
    if part := found[begin : begin + size]:
        answer[key] = part
    if begin + size < len(found):
        answer["next_page_token"] = base64.b64encode(json.dumps([begin + size, *criteria]).encode()).decode()
    return answer


def _pipeline_by_name(kubeflow: Kubeflow, arrived: Arrived, found: "re.Match[str]") -> Named:
    namespace = arrived.query.get("namespace")
    for held in kubeflow.pipelines.values():
        if held["name"] == found[1] and held.get("namespace") == namespace:
            return "Pipeline", held
    raise Refusal(404, f"ResourceNotFoundError: Pipeline {found[1]} not found")


def _upload(kubeflow: Kubeflow, arrived: Arrived, _: "re.Match[str]") -> Named:
    text = arrived.file()
    sent = {
        key: value
        for key, value in arrived.query.items()
        if key in ("name", "display_name", "description", "namespace")
    }
    made = kubeflow.make_pipeline(sent)
    kubeflow.add_version(made["pipeline_id"], made["name"], text)
    return "Pipeline", made


def _upload_version(kubeflow: Kubeflow, arrived: Arrived, _: "re.Match[str]") -> Named:
    query = arrived.query
    if not query.get("name"):
        raise invalid("Failed to create a pipeline version")
    return "PipelineVersion", kubeflow.add_version(query.get("pipelineid", ""), query["name"], arrived.file())


def _versions(kubeflow: Kubeflow, arrived: Arrived, found: "re.Match[str]") -> Named:
    held = {each["pipeline_version_id"]: each for each in kubeflow.newest(found[1])[::-1]}
    return "ListPipelineVersionsResponse", _page("pipeline_versions", select(held, arrived.query), arrived.query)


def _switch(kubeflow: Kubeflow, _: Arrived, found: "re.Match[str]") -> Named:
    kubeflow.switch(found[1], on=found[2] == "enable")
    return "", {}


def _terminate(kubeflow: Kubeflow, _: Arrived, found: "re.Match[str]") -> Named:
    kubeflow.terminate(found[1])
    return "", {}


def _delete(kubeflow: Kubeflow, _: Arrived, found: "re.Match[str]") -> Named:
    find(kubeflow.recurring_runs, found[1])
    del kubeflow.recurring_runs[found[1]]
    return "", {}


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "healthz", lambda k, _, __: ("GetHealthzResponse", {"multi_user": k.multi_user} if k.multi_user else {})),
    ("POST", "experiments", lambda k, a, _: ("Experiment", k.make_experiment(a.read("Experiment")))),
    ("GET", "experiments", _listing("ListExperimentsResponse", "experiments", lambda k: k.experiments)),
    ("GET", "experiments/([^/:]+)", lambda k, _, m: ("Experiment", find(k.experiments, m[1]))),
    ("GET", "pipelines/names/([^/]+)", _pipeline_by_name),
    ("POST", "pipelines/upload", _upload),
    ("POST", "pipelines/upload_version", _upload_version),
    ("POST", "pipelines", lambda k, a, _: ("Pipeline", k.make_pipeline(a.read("Pipeline")))),
    ("GET", "pipelines", _listing("ListPipelinesResponse", "pipelines", lambda k: k.pipelines)),
    ("GET", "pipelines/([^/:]+)", lambda k, _, m: ("Pipeline", find(k.pipelines, m[1]))),
    ("GET", "pipelines/([^/]+)/versions", _versions),
    ("GET", "pipelines/[^/]+/versions/([^/]+)", lambda k, _, m: ("PipelineVersion", find(k.versions, m[1]))),
    ("POST", "runs", lambda k, a, _: ("Run", k.start(a.read("Run")))),
    ("GET", "runs", _listing("ListRunsResponse", "runs", lambda k: k.runs)),
    ("POST", "runs/([^/:]+):terminate", _terminate),
    ("GET", "runs/([^/:]+)", lambda k, _, m: ("Run", k.look_at(m[1]))),
    ("POST", "recurringruns", lambda k, a, _: ("RecurringRun", k.schedule(a.read("RecurringRun")))),
    ("GET", "recurringruns", _listing("ListRecurringRunsResponse", "recurringRuns", lambda k: k.recurring_runs)),
    ("POST", "recurringruns/([^/:]+):(enable|disable)", _switch),
    ("DELETE", "recurringruns/([^/:]+)", _delete),
    ("GET", "recurringruns/([^/:]+)", lambda k, _, m: ("RecurringRun", find(k.recurring_runs, m[1]))),
]
