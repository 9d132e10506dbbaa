"""`headrace schedule`: keeps Kubeflow's schedules as schedules.yaml says, and acts on single ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import click

from headrace.cli.compile_options import compile_options
from headrace.cli.follow import follow
from headrace.cli.output import print_json, print_rows
from headrace.cli.remote import Remote, endpoint_options, open_remote
from headrace.cli.schedule_changes import change_facts, say_changes
from headrace.cli.schedule_shown import row_of, show_one
from headrace.cli.session import output_option, parameter_option
from headrace.errors import ConfigError, ExitCode
from headrace.kubeflow.arguments import read_arguments
from headrace.kubeflow.links import run_page
from headrace.kubeflow.package import Package
from headrace.kubeflow.run_now import run_now, version_of
from headrace.kubeflow.schedule import UPLOADS, Change, Defaults, apply, compare, find, kept
from headrace.kubeflow.schedules_file import DEFAULT, OWNER, Schedule, Schedules, read_schedules

F = TypeVar("F", bound=Callable[..., object])
COLUMNS = ("name", "when", "state", "next", "version", "id")


@dataclass(frozen=True)
class Keeper:
    """The file of schedules, and the server that it is held against."""

    remote: Remote
    path: Path
    given: bool

    @cached_property
    def file(self) -> Schedules:
        return read_schedules(self.path)

    @property
    def owner(self) -> str:
        """Whose schedules these are; verbs for single ones work without the file."""
        return self.file.owner if self.given or self.path.is_file() else OWNER

    def compare(self) -> list[Change]:
        """Compile what the file names, and compare."""
        packages: dict[str, Package] = {}

        def package(schedule: Schedule) -> Package:
            name = schedule.pipeline
            compiled = name.endswith((".yaml", ".yml"))
            if name not in packages:
                packages[name] = self.remote.package(str(self.path.parent / name) if compiled else name)
            return packages[name]

        settings = self.remote.settings
        return compare(self.remote.client, self.file, package, Defaults(settings.experiment, settings.service_account))


def keeper_options(command: F) -> F:
    """Add `-f` and the options that say where Kubeflow is."""
    text = "The file of schedules (default: schedules.yaml in the project)."
    return click.option("-f", "--file", metavar="FILE", help=text)(endpoint_options(command))


def open_keeper(file: str | None, config: str | None, options: dict[str, str | None]) -> Keeper:
    """Find the file and the server."""
    path = Path(file).absolute() if file else None
    remote = open_remote(config, **options)
    return Keeper(remote, path or remote.session.project.root / DEFAULT, given=path is not None)


@click.group()
def command() -> None:
    """Keep Kubeflow's schedules as schedules.yaml says."""


@command.command("diff")
@click.option("--exit-code", is_flag=True, help="Exit with 10 where anything differs.")
@compile_options
@output_option
@keeper_options
def diff(*, exit_code: bool, output: str, file: str | None, config: str | None, **options: str | None) -> int:
    """Say what `apply` would change, and why; change nothing."""
    changes = open_keeper(file, config, options).compare()
    if output == "json":
        print_json([change_facts(change) for change in changes])
    else:
        say_changes(changes, datetime.now(UTC), prune=False)
    differs = any(change.act != "unchanged" for change in changes)
    return int(ExitCode.HAS_WORK) if exit_code and differs else 0


@command.command("apply")
@click.option("--prune", is_flag=True, help="Delete the schedules of this owner that are not in the file.")
@compile_options
@keeper_options
def apply_file(*, prune: bool, file: str | None, config: str | None, **options: str | None) -> None:
    """Make the server's schedules as the file says.

    A schedule cannot be changed there: another is made, then the old one is deleted.
    """
    keeper = open_keeper(file, config, options)
    if prune and not keeper.file.named:
        raise ConfigError(
            found=f"--prune, and {keeper.path} names no owner",
            expected="owner: NAME in it, so that other projects' schedules are left alone",
            do="Add it, apply without --prune once, then prune",
        )
    changes = keeper.compare()
    for change in changes:
        if change.wanted and change.act in UPLOADS:
            keeper.remote.deliver(change.wanted.package)
        apply(keeper.remote.client, [change], keeper.owner, prune=prune)
        say_changes([change], datetime.now(UTC), prune=prune)


@command.command("ls")
@output_option
@keeper_options
def ls(output: str, file: str | None, config: str | None, **options: str | None) -> None:
    """List the schedules that headrace keeps there."""
    keeper = open_keeper(file, config, options)
    now = datetime.now(UTC)
    client = keeper.remote.client
    print_rows([row_of(client, found, now) for found in kept(client, keeper.owner)], COLUMNS, output)


@command.command("show")
@click.argument("name")
@output_option
@keeper_options
def show(name: str, output: str, file: str | None, config: str | None, **options: str | None) -> None:
    """Show a schedule, its next times and its last runs."""
    keeper = open_keeper(file, config, options)
    client = keeper.remote.client
    show_one(client, find(client, keeper.owner, name)[0], datetime.now(UTC), output)


@command.command("pause")
@click.argument("names", nargs=-1, required=True)
@keeper_options
def pause(names: tuple[str, ...], file: str | None, config: str | None, **options: str | None) -> None:
    """Disable schedules.

    `apply` enables them again, unless the file says enabled: false.
    """
    _switch(open_keeper(file, config, options), names, on=False)


@command.command("resume")
@click.argument("names", nargs=-1, required=True)
@keeper_options
def resume(names: tuple[str, ...], file: str | None, config: str | None, **options: str | None) -> None:
    """Enable schedules."""
    _switch(open_keeper(file, config, options), names, on=True)


@command.command("rm")
@click.argument("names", nargs=-1, required=True)
@keeper_options
def rm(names: tuple[str, ...], file: str | None, config: str | None, **options: str | None) -> None:
    """Delete schedules; their runs stay.

    `apply` makes those again that the file has.
    """
    keeper = open_keeper(file, config, options)
    client = keeper.remote.client
    for found in [each for name in names for each in find(client, keeper.owner, name)]:
        client.delete_recurring_run(found.id)
        click.echo(f"{found.name} deleted")


@command.command("run-now")
@click.argument("name")
@parameter_option
@click.option("--wait", is_flag=True, help="Follow the run; exit with 0, 1 (failed) or 3 (a gate stopped it).")
@keeper_options
def start_now(
    name: str, given: tuple[str, ...], *, wait: bool, file: str | None, config: str | None, **options: str | None
) -> int:
    """Start a run of a schedule at once.

    It has the version and the parameters of the schedule.
    """
    keeper = open_keeper(file, config, options)
    client = keeper.remote.client
    found = find(client, keeper.owner, name)[0]
    version = version_of(client, found)
    parameters = read_arguments(version.parameters, given)
    run = run_now(client, found, version, parameters, f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    click.echo(f"run {run.id} started as {run.name}\npage: {run_page(keeper.remote.endpoint, run.id)}")
    return follow(keeper.remote, run.id) if wait else 0


def _switch(keeper: Keeper, names: tuple[str, ...], *, on: bool) -> None:
    client = keeper.remote.client
    for found in [each for name in names for each in find(client, keeper.owner, name)]:
        client.switch(found.id, on=on)
        click.echo(f"{found.name} {'enabled' if on else 'disabled'}")
