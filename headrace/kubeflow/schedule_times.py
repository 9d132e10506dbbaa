"""When a schedule on the server fires next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, takewhile

from headrace.kubeflow.cron import Every, read_server_cron
from headrace.kubeflow.resources import Cron, Interval, Trigger


def fires_next(trigger: Trigger, made: datetime, now: datetime, count: int) -> list[datetime]:
    """List the next times of a trigger that was made at a time; none where it is over or cannot be read."""
    base = max(made, trigger.start) if trigger.start else made
    due = _times(trigger, base, max(base, now))
    return list(islice(takewhile(lambda time: trigger.end is None or time <= trigger.end, due), count))


def _times(trigger: Trigger, base: datetime, now: datetime) -> Iterator[datetime]:
    match trigger:
        case Interval(seconds=seconds):
            yield from _counted(seconds, base, now)
        case Cron(expression=expression):
            cron = read_server_cron(expression)
            if isinstance(cron, Every):
                yield from _counted(cron.seconds, base, now)
            elif cron:
                yield from cron.after(now)


def _counted(seconds: int, base: datetime, now: datetime) -> Iterator[datetime]:
    """Count intervals from when the schedule began."""
    gone = int((now - base).total_seconds()) // seconds
    return Every(seconds).after(base + timedelta(seconds=gone * seconds))
