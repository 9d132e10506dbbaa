"""The orchestrator's side of the forkservers: started when a node first needs one, one call a node."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from headrace.workers.environments import environment_set

Watcher: TypeAlias = Callable[[dict[str, Any]], None]


@dataclass
class Call:
    """One executor's process: how it is watched, ended, and how it ended."""

    number: int
    watch: Watcher | None
    started: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    pid: int = 0
    status: int | None = None
    cpu: float = 0.0
    memory: int = 0
    canceled: bool = False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the process and all that it started."""
        if self.pid and not self.done.is_set():
            try:
                os.killpg(self.pid, number)
            except (ProcessLookupError, PermissionError):  # it has no group of its own yet, or has just ended
                with suppress(ProcessLookupError):
                    os.kill(self.pid, number)


@dataclass
class _Server:
    """A forkserver's process, and the sockets to it."""

    process: subprocess.Popen[bytes]
    requests: socket.socket
    progress: socket.socket
    ready: threading.Event = field(default_factory=threading.Event)
    dead: bool = False
    calls: dict[int, Call] = field(default_factory=dict)

    def close(self) -> None:
        """End the server, and with it whatever it forked."""
        with suppress(OSError):
            self.requests.shutdown(socket.SHUT_WR)
        if not self.ready.is_set():
            self.process.kill()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.progress.close()
        self.requests.close()


class Pool:
    """The forkservers of one orchestrator; use it as a context, which ends all that it started."""

    def __init__(self, project: Path, startup_log: Path) -> None:
        self.project, self.startup_log = project, startup_log
        self._servers: dict[str, _Server] = {}
        self._guard = threading.Lock()
        self._count = 0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, environment: str) -> None:
        """Start the server of a set of imports, if it does not run; it imports while other work goes on."""
        with self._guard:
            self._server(environment)

    def call(self, environment: str, invocation: Path, result: Path, log: Path, watch: Watcher | None = None) -> Call:
        """Have an executor's process forked; the call's `done` is set when it has ended."""
        with self._guard:
            server = self._server(environment)
            self._count += 1
            call = Call(self._count, watch)
            server.calls[call.number] = call
            request = {"id": call.number, "invocation": str(invocation), "result": str(result), "log": str(log)}
            try:
                server.requests.sendall(json.dumps(request).encode() + b"\n")
            except OSError:
                self._end(call, None)
        return call

    def cancel(self) -> None:
        """End every executor that runs."""
        with self._guard:
            running = [call for server in self._servers.values() for call in list(server.calls.values())]
        for call in running:
            call.canceled = True
            call.kill(signal.SIGTERM)
        for call in running:
            if not call.done.wait(2.0):
                call.kill()

    def close(self) -> None:
        """End the servers, and with them whatever they forked."""
        with self._guard:
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _server(self, environment: str) -> _Server:
        known = self._servers.get(environment)
        if known and not known.dead:
            return known
        if known:
            known.close()
        imports = environment_set(environment)
        requests, theirs = socket.socketpair()
        progress, reports = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join([str(self.project), *(entry for entry in sys.path if entry)])
        # Keras writes its settings to the home folder, unless it is given another.
        keras = str(self.startup_log.parent / "keras")
        # No user code needs to know how the store is reached: its address may hold a password.
        around = {name: value for name, value in os.environ.items() if not name.startswith("HEADRACE_STORE")}
        variables = {**around, "KERAS_HOME": keras, **imports.variables, "PYTHONPATH": path}
        command = [sys.executable, "-m", "headrace.workers.forkserver", str(theirs.fileno()), str(reports.fileno())]
        with self.startup_log.open("ab") as log:
            process = subprocess.Popen(
                [*command, *imports.modules],
                pass_fds=(theirs.fileno(), reports.fileno()),
                env=variables,
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        theirs.close()
        reports.close()
        server = self._servers[environment] = _Server(process, requests, progress)
        threading.Thread(target=self._listen, args=(server,), daemon=True).start()
        threading.Thread(target=self._follow, args=(server,), daemon=True).start()
        return server

    def _listen(self, server: _Server) -> None:
        """Pass on what a server answers, until it is gone."""
        with server.requests.makefile("rb") as lines:
            try:
                for line in lines:
                    self._take(server, json.loads(line))
            except (OSError, ValueError):
                pass
        server.dead = True
        for call in list(server.calls.values()):
            self._end(call, None)

    def _take(self, server: _Server, answer: dict[str, Any]) -> None:
        if "ready" in answer:
            server.ready.set()
            return
        call = server.calls[answer["id"]]
        if "pid" in answer:
            call.pid = answer["pid"]
            call.started.set()
            if call.canceled:
                call.kill()
            return
        call.cpu, call.memory = answer["cpu"], answer["memory"]
        del server.calls[call.number]
        self._end(call, answer["status"])

    def _end(self, call: Call, status: int | None) -> None:
        call.status = status
        call.started.set()
        call.done.set()

    def _follow(self, server: _Server) -> None:
        """Pass on what executors report, until the server is gone."""
        while True:
            try:
                told = json.loads(server.progress.recv(1 << 16))
            except (OSError, ValueError):
                return
            call = server.calls.get(told["id"])
            if call and call.watch and not call.done.is_set():
                call.watch(told)
