"""A server that has only imported, and forks a process for every executor: ~50 ms where a fresh start takes seconds.

Run as `python -m headrace.workers.forkserver REQUESTS PROGRESS MODULE…` with two inherited sockets. It reads lines of
JSON from REQUESTS ({"id", "invocation", "result", "log"}) and answers {"id", "pid"} at the start and {"id", "status",
"cpu", "memory"} at the end of each process (seconds of CPU, bytes of peak memory). When REQUESTS closes, because the
orchestrator ended or died, it kills what it forked and ends.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Forkserver:
    """The loop of a server: one request, one fork; one dead child, one answer."""

    def __init__(self, requests: socket.socket, progress: socket.socket) -> None:
        self.requests, self.progress = requests, progress
        self.running: dict[int, int] = {}
        self.unread = b""
        self.wake, self.woken = socket.socketpair()
        self.woken.setblocking(False)
        self.wake.setblocking(False)

    def serve(self) -> None:
        """Fork for every request until the orchestrator is gone."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake.fileno(), warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self.requests, self.woken], [], [])
            if self.woken in ready:
                self._drain()
                self._reap()
            if self.requests in ready and not self._read():
                return self._end()

    def _drain(self) -> None:
        try:
            while self.woken.recv(4096):
                pass
        except BlockingIOError:
            pass

    def _read(self) -> bool:
        received = self.requests.recv(1 << 16)
        *lines, self.unread = (self.unread + received).split(b"\n")
        for line in lines:
            self._start(json.loads(line))
        return bool(received)

    def _start(self, request: dict[str, str]) -> None:
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            become_child(request, self.progress, (self.requests, self.wake, self.woken), server)
        self.running[pid] = int(request["id"])
        self._answer({"id": request["id"], "pid": pid})

    def _reap(self) -> None:
        while self.running:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            number = self.running.pop(pid, None)
            if number is not None:
                code = os.waitstatus_to_exitcode(status)
                cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
                self._answer({"id": number, "status": code, "cpu": cpu, "memory": memory})

    def _answer(self, answer: dict[str, object]) -> None:
        self.requests.sendall(json.dumps(answer).encode() + b"\n")

    def _end(self) -> None:
        for pid in self.running:
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def become_child(
    request: dict[str, str], progress: socket.socket, inherited: tuple[socket.socket, ...], server: int
) -> None:
    """Turn a forked process into an executor's: a session of its own, its output in the node's log, one result."""
    status = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:  # it died before the line above, which then never fires
            os._exit(status)
        for end in inherited:
            end.close()
        _capture(request["log"])
        status = _work(request, progress)
    except BaseException:  # whatever it is, the node's log tells it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # No interpreter shutdown: Beam and TFT pipelines left in a module's globals crash there (exit code 139).
        os._exit(status)


def _capture(log: str) -> None:
    """Send both outputs to the log, also those of C++ libraries, which know only the numbers 1 and 2."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)


def _work(request: dict[str, str], progress: socket.socket) -> int:
    from headrace.workers.run_invocation import run_invocation  # noqa: PLC0415  a server that forks nothing loads nothing

    return run_invocation(Path(request["invocation"]), Path(request["result"]), progress, int(request["id"]))


def main() -> None:
    """Import, then serve."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    progress = socket.socket(fileno=int(sys.argv[2]))
    for module in sys.argv[3:]:
        import_module(module)
    import_module("headrace.workers.run_invocation")
    gc.collect()
    gc.freeze()
    requests.sendall(b'{"ready": true}\n')
    Forkserver(requests, progress).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
