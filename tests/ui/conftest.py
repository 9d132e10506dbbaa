"""A page that is served by a real server, and what answers when it is asked."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from headrace.ui.opened import of_place
from headrace.ui.serve import Listening, listen, server_of
from headrace.ui.shown import Shown
from tests.conftest import Lab
from tests.lineage.conftest import History, history

__all__ = ["history"]


@dataclass(frozen=True)
class Heard:
    """An answer: its status, headers and bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


@dataclass(frozen=True)
class Served:
    """A page that is served, and its token."""

    listening: Listening
    shown: Shown

    @property
    def token(self) -> str:
        return self.listening.door.token

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.listening.door.port}"

    def ask(
        self, path: str, *, method: str = "GET", trusted: bool = True, body: object = None, **headers: str
    ) -> Heard:
        """Ask for a path, as a program that has the token unless it is not `trusted`; redirects are not followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if trusted:
            sent["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.base}{path}", data, sent, method=method)
        try:
            with _opener.open(request, timeout=30) as answer:
                return Heard(answer.status, _lowered(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Heard(error.code, _lowered(error.headers.items()), error.read())

    def get(self, path: str) -> Any:
        """Ask for JSON that must be there."""
        heard = self.ask(path)
        assert heard.status == 200, heard.text
        return heard.json


def _lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


@contextmanager
def serving(shown: Shown) -> Iterator[Served]:
    """Serve a store by a real server in a thread while the block runs."""
    listening = listen("127.0.0.1")
    server = server_of(shown, listening)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening.socket]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Served(listening, shown)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.socket.close()


def serving_lab(lab: Lab, *, write: bool = False) -> AbstractContextManager[Served]:
    """Serve the store of a lab."""
    return serving(of_place(lab.workspace.place, write=write))


@pytest.fixture(scope="session")
def served(history: History) -> Iterator[Served]:
    """The history of the lineage tests, served."""
    with serving_lab(history.lab) as page:
        yield page


@pytest.fixture(scope="session")
def folder(history: History) -> Path:
    return history.lab.folder
