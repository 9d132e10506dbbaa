"""One executor's process: reads its invocation, works, writes its result, reports how far it has come."""

import json
import os
import socket
import sys
import time
from pathlib import Path

from headrace import progress
from headrace.spec.codec import read, write
from headrace.spec.messages import Answer, Invocation
from headrace.workers.child import execute

PAUSE = 0.1
"""Seconds between two reports that are sent."""


def run_invocation(invocation: Path, result: Path, reports: socket.socket | None, number: int) -> int:
    """Call the executor that a file names; write its result beside it, whole or not at all."""
    told = read(Invocation, invocation.read_text(encoding="utf-8"))
    # Python tells a stale .pyc by whole seconds and size: an edit of the same length soon after would not be seen.
    sys.dont_write_bytecode = True
    os.chdir(told.project)
    if told.project not in sys.path:
        sys.path.insert(0, told.project)
    if reports:
        progress.watch(_Reporter(reports, number))
    answer = Answer(execute(told))
    aside = result.with_suffix(".part")
    aside.write_text(write(answer), encoding="utf-8")
    aside.replace(result)
    return 0


class _Reporter:
    """Sends what an executor reports, at most ten times a second and without ever waiting."""

    def __init__(self, reports: socket.socket, number: int) -> None:
        self.reports, self.number, self.last = reports, number, 0.0
        reports.setblocking(False)

    def __call__(self, what: str, done: float | None, total: float | None, text: str) -> None:
        moment = time.monotonic()
        if moment - self.last < PAUSE and done != total:
            return
        self.last = moment
        told = {"id": self.number, "what": what, "done": done, "total": total, "text": text[:500]}
        try:
            self.reports.send(json.dumps(told).encode())
        except (BlockingIOError, ConnectionError):
            return
