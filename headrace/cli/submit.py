"""`headrace submit`: compiles a pipeline, uploads it where it is new, and starts a run in Kubeflow."""

from datetime import UTC, datetime

import click

from headrace.cli.compile_options import compile_options
from headrace.cli.follow import follow
from headrace.cli.output import print_json
from headrace.cli.remote import endpoint_options, open_remote
from headrace.cli.session import output_option, parameter_option
from headrace.kubeflow.arguments import read_arguments
from headrace.kubeflow.links import run_page
from headrace.kubeflow.submit import Order, start, uploaded


@click.command()
@click.argument("pipeline")
@parameter_option
@click.option("--name", metavar="TEXT", help="The run's name (default: the pipeline's, and the time).")
@click.option("--experiment", metavar="NAME", help="The experiment to run in (default: the pipeline's name).")
@click.option("--service-account", metavar="NAME", help="The Kubernetes service account of its pods.")
@click.option("--wait", is_flag=True, help="Follow the run; exit with 0, 1 (failed) or 3 (a gate stopped it).")
@click.option("--terminate-on-interrupt", is_flag=True, help="With --wait: Ctrl-C and SIGTERM end the run, too.")
@compile_options
@output_option
@endpoint_options
def command(
    pipeline: str,
    given: tuple[str, ...],
    name: str | None,
    experiment: str | None,
    service_account: str | None,
    *,
    wait: bool,
    terminate_on_interrupt: bool,
    output: str,
    config: str | None,
    **options: str | None,
) -> int:
    """Run PIPELINE in Kubeflow: a pipeline of this project, or a compiled file (.yaml)."""
    remote = open_remote(config, **options)
    package = remote.package(pipeline)
    order = Order(
        name=name or f"{package.name}-{datetime.now(UTC):%Y%m%d-%H%M%S}",
        experiment=experiment or remote.settings.experiment or package.name,
        parameters=read_arguments(package.parameters, given),
        service_account=service_account or remote.settings.service_account,
    )
    remote.deliver(package)
    there = uploaded(remote.client, package)
    run = start(remote.client, there.version, order)
    page = run_page(remote.endpoint, run.id)
    if output == "json":
        print_json({"run": run.id, "name": run.name, "version": there.version.name, "new": there.new, "page": page})
    else:
        click.echo(f"{package.name} {there.version.name} {'uploaded' if there.new else 'is there already'}")
        click.echo(f"run {run.id} started as {run.name}")
        click.echo(f"page: {page}")
    if not wait:
        if output != "json":
            click.echo(f"follow it: headrace kubeflow wait {run.id}")
        return 0
    return follow(remote, run.id, terminate=terminate_on_interrupt, aside=output == "json")
