"""Prints what differs between a file of schedules and the server."""

from collections.abc import Sequence
from datetime import datetime

import click

from headrace.kubeflow.resources import Cron, Trigger
from headrace.kubeflow.schedule import Act, Change
from headrace.kubeflow.schedule_facts import Difference, trigger_facts
from headrace.kubeflow.schedule_times import fires_next

SIGNS: dict[Act, str] = {
    "create": "+",
    "replace": "~",
    "enable": "~",
    "disable": "~",
    "upload": "~",
    "unchanged": "=",
    "delete": "-",
    "orphan": "!",
}


def say_changes(changes: Sequence[Change], now: datetime, *, prune: bool) -> None:
    """Print a line for each change, and one for each field that is not as the file says."""
    for change in changes:
        click.echo(f"{_sign(change, prune=prune)} {change.name:<24} {_words(change, now, prune=prune)}".rstrip())
        for difference in change.fields:
            click.echo(f"    {difference.field}: {_text(difference.old)} → {_text(difference.new)}")
        if _fires_again(change):
            click.echo("    catch_up: the one that replaces it starts all runs since `start` again; move `start` on")


def change_facts(change: Change) -> dict[str, object]:
    """Return a change as plain data."""
    return {
        "name": change.name,
        "change": change.act,
        "id": change.found.id if change.found else None,
        "fields": [_difference(each) for each in change.fields],
    }


def _sign(change: Change, *, prune: bool) -> str:
    return "-" if change.act == "orphan" and prune else SIGNS[change.act]


def _words(change: Change, now: datetime, *, prune: bool) -> str:
    match change.act:
        case "delete":
            return "delete: another of this name stays"
        case "orphan":
            return "delete: not in the file" if prune else "not in the file (apply --prune deletes it)"
        case "upload":
            return "upload: the schedule follows the newest version"
        case "create":
            return f"create: {_when(change, now)}"
    return change.act


def _when(change: Change, now: datetime) -> str:
    """Explain when a schedule that is made now will fire."""
    if change.wanted is None:
        return ""
    schedule = change.wanted.schedule
    times = fires_next(schedule.trigger, now, now, 2)
    off = "" if schedule.enabled else ", disabled"
    coming = " and ".join(map(time_words, times)) or "never"
    return f"{schedule.pipeline} at {when_words(schedule.trigger)}, next {coming}{off}"


def when_words(trigger: Trigger) -> str:
    """Say when a trigger fires, in the words of schedules.yaml."""
    facts = trigger_facts(trigger)
    return str(facts["cron"]) if isinstance(trigger, Cron) else f"every {facts['every']}"


def time_words(time: datetime) -> str:
    """Write a time in UTC for people."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _fires_again(change: Change) -> bool:
    schedule = change.wanted.schedule if change.wanted else None
    return change.act == "replace" and schedule is not None and schedule.catch_up and schedule.trigger.start is not None


def _difference(difference: Difference) -> dict[str, object]:
    return {"field": difference.field, "old": difference.old, "new": difference.new}


def _text(value: object) -> str:
    return "nothing" if value is None or value == "" else str(value)
