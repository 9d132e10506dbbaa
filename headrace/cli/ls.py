"""`headrace ls`: lists of runs, executions, artifacts, models and pipelines."""

from collections.abc import Mapping

import click

from headrace.cli.facts import print_facts
from headrace.cli.session import open_session
from headrace.cli.store_option import open_records, store_options
from headrace.cli.where import where_holds
from headrace.lineage.lists import (
    Listed,
    Row,
    artifact_rows,
    execution_rows,
    model_rows,
    pipeline_rows,
    run_rows,
)
from headrace.lineage.shelf import Records

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "runs": ("id", "pipeline", "state", "started", "seconds", "complete", "cached", "failed"),
    "executions": ("id", "node", "run", "attempt", "state", "started", "seconds", "reason"),
    "artifacts": ("id", "type", "span", "size", "node", "run", "created", "state"),
    "models": ("id", "span", "size", "run", "created", "state", "blessed", "pushed"),
    "pipelines": ("name", "runs", "last", "state", "started"),
}

WHERE = "Only those that fit, as 'type:Model state:blessed since:7d'; also param.NAME>VALUE, and any text."


@click.command(help="List runs, executions, artifacts, models or pipelines, newest first.")
@click.argument("what", type=click.Choice(list(COLUMNS)))
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@click.option("--where", metavar="TERMS", default="", help=WHERE)
@click.option("-o", "--output", type=click.Choice(["table", "json", "ndjson"]), default="table", help="How to print.")
@store_options
def command(what: str, limit: int, where: str, output: str, config: str | None, db: str | None) -> None:
    catalogue = open_records(config, db)
    most = limit or None
    if what == "pipelines":
        every = pipeline_rows(catalogue, [] if db else open_session(config).project.pipelines())
        listed = where_holds(every, where, catalogue, most) if where else Listed(every.shown[:most], every.total)
    elif where:
        listed = where_holds(_rows(what, catalogue, None), where, catalogue, most)
    else:
        listed = _rows(what, catalogue, most)
    print_facts(listed.shown, COLUMNS[what], output)
    if listed.total is None:
        click.echo(f"the newest {len(listed.shown)} {what} (--limit 0 lists all)", err=True)
    elif len(listed.shown) < listed.total:
        click.echo(f"{len(listed.shown)} of {listed.total} {what} (--limit 0 lists all)", err=True)


def _rows(what: str, catalogue: Records, limit: int | None) -> Listed[Row]:
    lists = {"runs": run_rows, "executions": execution_rows, "artifacts": artifact_rows, "models": model_rows}
    return lists[what](catalogue, limit)
