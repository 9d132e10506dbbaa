"""Prints in a pod what its node does: changes of state, and the executor's log as it grows.

The log of a node that is told secrets is printed once it has ended: their values are taken out then.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from headrace.orchestrators.events import Event, Listener

GLANCE = 0.2
"""Seconds between two looks at a log."""


@contextmanager
def follow_logs(project: Path, *, live: bool) -> Iterator[Listener]:
    """Give a listener that prints states and follows the log of what runs, until the block ends."""
    closed, followers = threading.Event(), list[threading.Thread]()

    def show(event: Event) -> None:
        if event.event != "node_state":
            return
        click.echo(f"{event.node} {event.to}{f': {event.reason}' if event.reason else ''}")
        if event.to == "RUNNING":
            log = project / str(event.data["log"])
            followers.append(threading.Thread(target=_follow, args=(log, closed, live), daemon=True))
            followers[-1].start()

    try:
        yield show
    finally:
        closed.set()
        for follower in followers:
            follower.join()


def _follow(log: Path, closed: threading.Event, live: bool) -> None:
    """Print a log as it grows; what is written last is printed, too."""
    position = 0
    while True:
        is_last = closed.wait(GLANCE if live else None)
        if log.is_file():
            with log.open("rb") as file:
                file.seek(position)
                text = file.read()
            position += len(text)
            sys.stdout.write(text.decode(errors="replace"))
            sys.stdout.flush()
        if is_last:
            return
