"""`headrace compile`: a pipeline as Kubeflow's IR, as a Kubernetes CronJob, or as a line of a crontab."""

from dataclasses import replace
from pathlib import Path

import click

from headrace.cli.session import parameter_option
from headrace.config.parameters import read_values
from headrace.config.project import find_project, load_pipeline
from headrace.kubeflow.compile import Compilation, compiled
from headrace.kubeflow.document import written
from headrace.kubeflow.settings import read_kubeflow


@click.command()
@click.argument("pipeline")
@click.option("--target", type=click.Choice(["kubeflow"]), required=True, help="What to write.")
@click.option("-o", "--output", metavar="FILE", help="Where to write it (default: the standard output).")
@click.option("--image", metavar="IMAGE", help="The image that every pod runs.")
@click.option("--config", metavar="FILE", help="A file of settings (default: configs/kubeflow.yaml).")
@parameter_option
def command(
    pipeline: str,
    target: str,  # noqa: ARG001  one so far
    output: str | None,
    image: str | None,
    config: str | None,
    given: tuple[str, ...],
) -> None:
    """Compile PIPELINE; `-p` changes the values that its runs start from."""
    here = Path.cwd()
    project = find_project(here)
    settings = read_kubeflow(project.root, Path(config) if config else None)
    if image:
        settings = replace(settings, image=image)
    loaded = load_pipeline(project, pipeline)
    values = read_values(loaded.spec, loaded.params, {}, given, project.root)
    text = written(compiled(Compilation(loaded.spec, values.values, settings)))
    if output:
        (here / output).write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
