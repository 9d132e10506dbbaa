"""A run as it goes on, as server-sent events: nodes that changed, the run, and how far executors are."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from headrace.lineage.lists import Row
from headrace.orchestrators.events import Event, read_events
from headrace.ui.answer import text_of
from headrace.ui.shown import Shown
from headrace.ui.views.run import node_rows, run_details

GLANCE = 0.5
"""Seconds between two looks."""
HEARTBEAT = 15.0
"""Seconds of silence after which something is said, so that nobody between closes the connection."""


END = "end"
"""The id of the last word: a browser that comes back with it is told to stay away."""


def is_last_word(request: Request) -> bool:
    """Tell whether a browser comes back to a stream that had ended."""
    return request.headers.get("last-event-id") == END


def live(run: str, shown: Shown) -> StreamingResponse:
    """Stream what changes in a run until it has ended."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(_Watch(run, shown)), media_type="text/event-stream", headers=headers)


async def _stream(watch: "_Watch") -> AsyncIterator[str]:
    said = time.monotonic()
    yield "retry: 2000\n\n"
    while not watch.shown.is_ending():
        news = await run_in_threadpool(watch.look)
        for name, data in news:
            yield f"event: {name}\ndata: {text_of(data)}\n\n"
        if watch.has_ended:
            yield f"id: {END}\nevent: end\ndata: {{}}\n\n"
            return
        now = time.monotonic()
        if news:
            said = now
        elif now - said > HEARTBEAT:
            said = now
            yield ": still here\n\n"
        await asyncio.sleep(GLANCE)


@dataclass
class _Watch:
    """What was said of a run so far."""

    run: str
    shown: Shown
    has_ended: bool = False
    _nodes: dict[str, str] = field(default_factory=dict)
    _run: str = ""
    _progress: dict[str, Row] = field(default_factory=dict)
    _read: int = 0

    def look(self) -> list[tuple[str, object]]:
        """Say what is new since the last look."""
        snapshot = self.shown.snapshot()
        run = snapshot.by_run.get(self.run)
        if run is None:
            self.has_ended = True
            return []
        nodes = node_rows(run, snapshot, self.shown.plan(run.id), self.shown.previews)
        changed = [node for node in nodes if self._nodes.get(str(node["id"])) != text_of(node)]
        self._nodes |= {str(node["id"]): text_of(node) for node in changed}
        news: list[tuple[str, object]] = [("nodes", {"nodes": changed})] if changed else []
        news += [("progress", row) for row in self._told()]
        row = run_details(run, snapshot, self.shown.previews, len(nodes))
        if text_of(row) != self._run:
            self._run = text_of(row)
            news.append(("run", row))
        self.has_ended = run.state != "RUNNING"
        return news

    def _told(self) -> Sequence[Row]:
        """Say the last word of each node in the run's own log of events."""
        folder = self.shown.run_folder(self.run)
        last: dict[str, Row] = {}
        for event in self._events(folder / "events.ndjson") if folder else ():
            if event.event == "progress":
                data = event.data
                progress: Row = {name: data.get(name) for name in ("what", "done", "total", "text")}
                last[event.node] = {"node": event.node, "progress": progress}
        news = [row for node, row in last.items() if self._progress.get(node) != row]
        self._progress |= last
        return news

    def _events(self, file: Path) -> list[Event]:
        """Read the log again where it has grown."""
        size = file.stat().st_size if file.is_file() else 0
        if size == self._read:
            return []
        self._read = size
        return list(read_events(file))
