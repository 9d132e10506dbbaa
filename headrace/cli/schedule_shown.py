"""Prints schedules as they are on the server."""

from datetime import datetime
from itertools import islice

import click

from headrace.cli.output import print_json, print_rows
from headrace.cli.schedule_changes import time_words, when_words
from headrace.kubeflow.client import Client
from headrace.kubeflow.links import schedule_page
from headrace.kubeflow.marker import description_of
from headrace.kubeflow.resources import RecurringRun, time_text
from headrace.kubeflow.schedule_facts import trigger_facts, version_name
from headrace.kubeflow.schedule_times import fires_next

TIMES, RUNS = 5, 5


def row_of(client: Client, found: RecurringRun, now: datetime) -> dict[str, object]:
    """Return a schedule as a row."""
    return {
        "name": found.name,
        "when": when_words(found.trigger),
        "state": "enabled" if found.enabled else "disabled",
        "next": next(iter(_next(found, now, 1)), ""),
        "version": version_name(client, found),
        "id": found.id,
    }


def show_one(client: Client, found: RecurringRun, now: datetime, output: str) -> None:
    """Print a schedule, its next times and its last runs."""
    runs = [
        {"run": run.id, "name": run.name, "state": run.state, "created": run.created, "finished": run.finished}
        for run in islice(client.runs(recurring_run_id=found.id), RUNS)
    ]
    facts = {
        **row_of(client, found, now),
        **{name: value for name, value in trigger_facts(found.trigger).items() if name in ("start", "end")},
        "catch_up": found.catch_up,
        "max_concurrency": found.max_concurrency,
        "parameters": found.parameters,
        "service_account": found.service_account,
        "description": description_of(found),
        "page": schedule_page(client.endpoint, found.id),
    }
    times = _next(found, now, TIMES)
    if output == "json":
        print_json({**facts, "next": times, "runs": runs})
        return
    for name, value in facts.items():
        if value not in (None, "", {}):
            click.echo(f"{name:<16} {', '.join(times) if name == 'next' else value}")
    if runs:
        print_rows(runs, ("run", "name", "state", "created", "finished"), output)


def _next(found: RecurringRun, now: datetime, count: int) -> list[str]:
    """List the next times; none for a schedule that is disabled."""
    made = datetime.fromisoformat(found.created or time_text(now))
    return [time_words(time) for time in fires_next(found.trigger, made, now, count)] if found.enabled else []
