"""Shows a run in Kubeflow while it goes on, and what came of it."""

import sys
from types import TracebackType

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from headrace.cli.remote import Remote
from headrace.cli.run import Interrupt, interruptible
from headrace.errors import ExitCode, RemoteError
from headrace.kubeflow.links import log_address, run_page
from headrace.kubeflow.resources import KubeflowRun
from headrace.kubeflow.watch import Clock, exit_code, shown_tasks, watch

COLOURS = {"SUCCEEDED": "green", "SKIPPED": "cyan", "FAILED": "red", "RUNNING": "yellow", "CANCELED": "magenta"}


class _Interrupted(Exception):  # noqa: N818  a state
    """Somebody asked to stop waiting."""


class Screen:
    """Shows the states of a run's tasks: a live table on a terminal, a line a change elsewhere."""

    def __init__(self, *, aside: bool) -> None:
        self.states: dict[str, str] = {}
        self.aside = aside
        stream = sys.stderr if aside else sys.stdout
        self.live = Live(console=Console(stderr=aside), refresh_per_second=4) if stream.isatty() else None

    def __enter__(self) -> "Screen":
        if self.live:
            self.live.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self.live:
            self.live.stop()

    def show(self, run: KubeflowRun) -> None:
        """Take in what a run looks like."""
        states = {task.name: task.state for task in shown_tasks(run)}
        if self.live:
            self.live.update(_table(run))
        else:
            for name, state in states.items():
                if self.states.get(name) != state:
                    click.echo(f"{name:<24} {state}", err=self.aside)
        self.states = states


def follow(remote: Remote, run_id: str, *, terminate: bool = False, aside: bool = False, unseen: bool = False) -> int:
    """Wait for a run; an interrupt leaves it going, or ends it where that was asked for.

    With `aside`, all that is shown goes to the error output, since the standard output holds data. A run is `unseen`
    where nobody has asked Kubeflow for it yet.
    """
    with interruptible() as stop:
        try:
            with Screen(aside=aside) as screen:
                run = _until_it_ends(remote, run_id, screen, stop, unseen=unseen)
        except RemoteError:
            click.echo(f"the run goes on: headrace kubeflow wait {run_id}", err=True)
            raise
    if run is None:
        return _interrupted(remote, run_id, stop, terminate=terminate)
    say_end(remote, run, aside=aside)
    return int(exit_code(run))


def _until_it_ends(remote: Remote, run_id: str, screen: Screen, stop: Interrupt, *, unseen: bool) -> KubeflowRun | None:
    """Show a run until it ends; None where the wait was interrupted."""

    def pause(seconds: float) -> None:
        if stop.event.wait(seconds):
            raise _Interrupted

    run = None
    try:
        for run in watch(remote.client, run_id, Clock(sleep=pause), _say_aside, unseen=unseen):
            screen.show(run)
    except _Interrupted:
        return None
    return run


def _say_aside(text: str) -> None:
    click.echo(f"headrace: {text}", err=True)


def _interrupted(remote: Remote, run_id: str, stop: Interrupt, *, terminate: bool) -> int:
    if terminate:
        remote.client.terminate(run_id)
        click.echo(f"interrupted; the run {run_id} is told to end", err=True)
    else:
        click.echo(f"interrupted; the run goes on: headrace kubeflow wait|terminate {run_id}", err=True)
    return int(stop.code or ExitCode.INTERRUPTED)


def say_end(remote: Remote, run: KubeflowRun, *, aside: bool) -> None:
    """Say how a run ended: what failed, its error, where its log is."""
    for task in shown_tasks(run):
        if task.state == "FAILED":
            click.echo(f"{task.name} failed{': ' + task.error if task.error else ''}", err=True)
            if task.pod:
                click.echo(f"  log: {log_address(remote.endpoint, run.id, task.pod)}", err=True)
    click.echo(f"run {run.id} {run.state}{': ' + run.error if run.error else ''}", err=aside)
    click.echo(f"page: {run_page(remote.endpoint, run.id)}", err=aside)


def _table(run: KubeflowRun) -> Table:
    table = Table(title=f"{run.name}  {run.state}", title_justify="left", box=None, pad_edge=False)
    for column in ("task", "state", "began", "ended"):
        table.add_column(column)
    for task in shown_tasks(run):
        colour = COLOURS.get(task.state, "white")
        table.add_row(task.name, f"[{colour}]{task.state}[/]", task.started[11:19], task.ended[11:19])
    return table
