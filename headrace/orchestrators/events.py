"""`events.ndjson`: everything that happens in a run, one line of JSON each; the terminal, CI logs and pages read it."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from headrace.artifacts.preview import preview_of
from headrace.metadata.records import Execution
from headrace.metadata.states import reason_of, state_of
from headrace.spec.records import Json
from headrace.storage.root import Root

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line: `from` and `to` are states of a node or of the run; `time` is in seconds since the epoch."""

    event: str
    run: str
    node: str = ""
    item: int | None = None
    attempt: int = 0
    was: str = ""
    to: str = ""
    reason: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    seq: int = 0
    time: float = 0.0


Listener: TypeAlias = Callable[[Event], None]


class EventLog:
    """Appends events to a file and tells its listeners; several threads may call it.

    `root` is where artifacts are, whose summaries are told; without one none are.
    """

    def __init__(self, file: Path, listeners: tuple[Listener, ...] = (), root: Root | None = None) -> None:
        self.file, self.listeners, self.root = file, listeners, root
        self._guard = threading.Lock()
        self._seq = sum(1 for _ in read_events(file))
        self._states: dict[str, str] = {}
        file.parent.mkdir(parents=True, exist_ok=True)
        is_torn = file.is_file() and file.stat().st_size > 0 and not file.read_bytes().endswith(b"\n")
        self._out = file.open("a", encoding="utf-8")
        if is_torn:
            self._out.write("\n")

    def close(self) -> None:
        self._out.close()

    def write(self, event: Event) -> None:
        """Give an event its number, append it and pass it on."""
        with self._guard:
            self._seq += 1
            fields = {**asdict(event), "seq": self._seq, "time": time.time()}
            line = {"v": VERSION, **{"from" if name == "was" else name: value for name, value in fields.items()}}
            with suppress(OSError):  # on a full disk the run goes on: the store has its record
                self._out.write(json.dumps(line) + "\n")
                self._out.flush()
            told = Event(**fields)
        for listener in self.listeners:
            listener(told)

    def node_changed(self, execution: Execution) -> None:
        """Write that a node is in another state."""
        was = self._states.get(execution.node, "WAITING")
        to = state_of(execution)
        self._states[execution.node] = to
        data: dict[str, Json] = {
            "execution": execution.id,
            "component": execution.component,
            "log": execution.log,
            "wall_seconds": execution.usage.wall_seconds,
            "cpu_seconds": execution.usage.cpu_seconds,
            "peak_memory": execution.usage.peak_memory,
            "outputs": {n: [a.path for a in found] for n, found in execution.outputs.items()},
            "summaries": _summaries(execution, self.root) if self.root else {},
        }
        self.write(
            Event(
                event="node_state",
                run=execution.run,
                node=execution.node,
                attempt=execution.attempt,
                was=was,
                to=to,
                reason=reason_of(execution),
                data=data,
            )
        )


def _summaries(execution: Execution, root: Root) -> dict[str, Json]:
    """Say what came out, in the words of the previews."""
    previews = {n: preview_of(a.path, root) for n, found in execution.outputs.items() for a in found}
    return {name: str(preview.get("summary", "")) for name, preview in previews.items() if preview}


def read_events(file: Path) -> Iterator[Event]:
    """Read a log; torn lines and lines of another version are passed over, unknown fields are left out."""
    if not file.is_file():
        return
    names = set(Event.__dataclass_fields__)
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if told.get("v") != VERSION:
                continue
            told["was"] = told.pop("from", "")
            yield Event(**{name: value for name, value in told.items() if name in names})
