"""Progress from inside Beam: counted where the work is done, reported at most twice a second.

What runs in another process than the executor counts for nobody: its watcher is in this one.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from headrace.progress import report

INTERVAL_SECONDS = 0.5


class _Counter:
    """Counts what one pipeline has done."""

    def __init__(self, label: str) -> None:
        self.label, self.total, self.done = label, 0.0, 0.0
        self.unit = "rows"
        self.reported_at = 0.0
        self.lock = threading.Lock()


_current = _Counter("")


@contextmanager
def start_of(label: str) -> Iterator[None]:
    """Count for a pipeline from zero, and tell at its end how far it came."""
    global _current  # noqa: PLW0603  the pipelines of an executor run one after the other
    _current = _Counter(label)
    yield
    _tell(_current)


def expect(total: float, unit: str = "rows") -> None:
    """Say how much the current pipeline will do in all; several sources add up."""
    _current.total += total
    _current.unit = unit


def count(done: float) -> None:
    """Add to what the current pipeline has done."""
    counter = _current
    with counter.lock:
        counter.done += done
        if time.monotonic() - counter.reported_at < INTERVAL_SECONDS:
            return
        counter.reported_at = time.monotonic()
    _tell(counter)


def _tell(counter: _Counter) -> None:
    if counter.done:
        report(counter.unit, counter.done, counter.total or None, counter.label)
