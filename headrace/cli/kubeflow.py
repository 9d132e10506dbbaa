"""`headrace kubeflow runs|status|wait|terminate|close`: the runs in Kubeflow."""

from itertools import islice

import click

from headrace.cli.follow import follow
from headrace.cli.output import print_json, print_rows
from headrace.cli.remote import endpoint_options, open_remote
from headrace.cli.session import config_option, open_session, output_option
from headrace.kubeflow.links import log_address, run_page
from headrace.kubeflow.watch import shown_tasks


@click.group()
def command() -> None:
    """List, follow and end runs in Kubeflow."""


@command.command("runs")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@output_option
@endpoint_options
def runs(limit: int, output: str, config: str | None, **options: str | None) -> None:
    """List the newest runs.

    They are all of the namespace, also those that headrace did not start.
    """
    remote = open_remote(config, **options)
    rows = [
        {"id": run.id, "name": run.name, "state": run.state, "created": run.created, "finished": run.finished}
        for run in islice(remote.client.runs(), limit)
    ]
    print_rows(rows, ("id", "name", "state", "created", "finished"), output)


@command.command("status")
@click.argument("run_id", metavar="RUN")
@output_option
@endpoint_options
def status(run_id: str, output: str, config: str | None, **options: str | None) -> None:
    """Show a run and its tasks."""
    remote = open_remote(config, **options)
    run = remote.client.run(run_id)
    rows = [
        {
            "task": task.name,
            "state": task.state,
            "began": task.started,
            "ended": task.ended,
            "error": task.error,
            "log": log_address(remote.endpoint, run.id, task.pod) if task.pod else "",
        }
        for task in shown_tasks(run)
    ]
    page = run_page(remote.endpoint, run.id)
    if output == "json":
        facts = {"id": run.id, "name": run.name, "state": run.state, "error": run.error, "page": page, "tasks": rows}
        print_json(facts)
        return
    click.echo(f"{run.name} {run.state}{': ' + run.error if run.error else ''}\npage: {page}")
    if rows:
        print_rows(rows, ("task", "state", "began", "ended", "error"), output)


@command.command("wait")
@click.argument("run_id", metavar="RUN")
@click.option("--terminate-on-interrupt", is_flag=True, help="Ctrl-C and SIGTERM end the run, too.")
@endpoint_options
def wait(run_id: str, *, terminate_on_interrupt: bool, config: str | None, **options: str | None) -> int:
    """Follow a run until it ends.

    It exits with 0, 1 (the run failed) or 3 (a gate stopped it).
    """
    return follow(open_remote(config, **options), run_id, terminate=terminate_on_interrupt, unseen=True)


@command.command("terminate")
@click.argument("run_id", metavar="RUN")
@endpoint_options
def terminate(run_id: str, config: str | None, **options: str | None) -> None:
    """Tell a run to end; its pods are stopped."""
    remote = open_remote(config, **options)
    remote.client.terminate(run_id)
    click.echo(f"{run_id} is told to end: {run_page(remote.endpoint, run_id)}")


@command.command("close")
@click.argument("reference", metavar="RUN")
@config_option
def close(reference: str, config: str | None) -> None:
    """Close the record of a run whose pods are gone.

    RUN is headrace's own id of it, as `headrace ls runs` shows it.
    """
    from headrace.lineage.reference import resolve_run
    from headrace.metadata.catalogue import Catalogue
    from headrace.orchestrators.abandoned import close_abandoned

    workspace = open_session(config).open()
    ended = close_abandoned(resolve_run(reference, Catalogue(workspace.store)), workspace)
    click.echo(f"run {ended.id}: {ended.state}")
