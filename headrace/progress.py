"""How far an executor has come: reported by its code, shown by whoever watches the run."""

from collections.abc import Callable
from typing import TypeAlias

Sink: TypeAlias = Callable[[str, float | None, float | None, str], None]


def _nobody(what: str, done: float | None, total: float | None, text: str) -> None:
    """Stand for a watcher where there is none: a test, a plain call."""


_sink: Sink = _nobody


def watch(sink: Sink) -> None:
    """Send all that this process reports to `sink`."""
    global _sink  # noqa: PLW0603  a process has one watcher, set once before its executor is called
    _sink = sink


def censor(change: Callable[[str], str]) -> None:
    """Change every text before it is sent, where it may hold a secret."""
    sink = _sink
    watch(lambda what, done, total, text: sink(what, done, total, change(text)))


def report(what: str, done: float | None = None, total: float | None = None, text: str = "") -> None:
    """Tell how far the work has come: `report("epoch", 3, 10, "loss 0.41")`."""
    _sink(what, done, total, text)
