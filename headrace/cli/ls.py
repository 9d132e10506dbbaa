"""`headrace ls`: lists of runs, executions, artifacts, models and pipelines."""

from collections.abc import Mapping

import click

from headrace.cli.facts import print_facts
from headrace.cli.session import config_option, open_session, output_option
from headrace.lineage.lists import (
    Listed,
    Row,
    artifact_rows,
    execution_rows,
    model_rows,
    pipeline_rows,
    run_rows,
)
from headrace.metadata.catalogue import Catalogue

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "runs": ("id", "pipeline", "state", "started", "seconds", "complete", "cached", "failed"),
    "executions": ("id", "node", "run", "attempt", "state", "started", "seconds", "reason"),
    "artifacts": ("id", "type", "span", "size", "node", "run", "created", "state"),
    "models": ("id", "span", "size", "run", "created", "state", "blessed", "pushed"),
    "pipelines": ("name", "runs", "last", "state", "started"),
}


@click.command(help="List runs, executions, artifacts, models or pipelines, newest first.")
@click.argument("what", type=click.Choice(list(COLUMNS)))
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@output_option
@config_option
def command(what: str, limit: int, output: str, config: str | None) -> None:
    session = open_session(config)
    catalogue = Catalogue(session.read().store)
    most = limit or None
    listed = (
        pipeline_rows(catalogue, session.project.pipelines()) if what == "pipelines" else _rows(what, catalogue, most)
    )
    print_facts(listed.shown, COLUMNS[what], output)
    if listed.total is None:
        click.echo(f"the newest {len(listed.shown)} {what} (--limit 0 lists all)", err=True)
    elif len(listed.shown) < listed.total:
        click.echo(f"{len(listed.shown)} of {listed.total} {what} (--limit 0 lists all)", err=True)


def _rows(what: str, catalogue: Catalogue, limit: int | None) -> Listed[Row]:
    lists = {"runs": run_rows, "executions": execution_rows, "artifacts": artifact_rows, "models": model_rows}
    return lists[what](catalogue, limit)
