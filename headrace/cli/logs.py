"""`headrace logs`: what the processes of a run's nodes printed."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from headrace.cli.session import config_option, open_session
from headrace.errors import UnknownReference
from headrace.lineage.lists import makers_of
from headrace.lineage.reference import Found, node_in, resolve
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Cached, Execution, Run, Running
from headrace.metadata.states import state_of
from headrace.orchestrators.kept_logs import kept_log
from headrace.orchestrators.workspace import Place

POLL = 0.3
"""Seconds between two looks at a log that is followed."""


@click.command(help="Print the logs of a run, or of one of its nodes (default: the newest run).")
@click.argument("reference", metavar="REF", default="@latest")
@click.argument("node", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on printing until the node has ended.")
@click.option("--tail", type=click.IntRange(0), metavar="N", help="Only the last N lines of each log.")
@config_option
def command(reference: str, node: str | None, follow: bool, tail: int | None, config: str | None) -> None:
    session = open_session(config)
    catalogue = Catalogue(session.read().store)
    found = resolve(reference, catalogue, Path.cwd())
    executions = [_stands(execution, catalogue) for execution in _executions(found, node, catalogue)]
    logged = [execution for execution in executions if execution.log]
    if not logged:
        _say_none(executions)
    for execution in logged:
        if len(executions) > 1:
            click.echo(f"==> {execution.node} (attempt {execution.attempt}, {state_of(execution)}) <==")
        _print(_found(execution, session.place), execution, catalogue, tail=tail, follow=follow)


def _executions(found: Found, node: str | None, catalogue: Catalogue) -> Sequence[Execution]:
    match found:
        case Run():
            if node:
                return [node_in(found, node, catalogue)]
            return list(last_attempts(catalogue.in_run(found.id)).values())
        case Execution():
            return [found]
        case artifact:
            maker = makers_of(catalogue, [artifact]).get(artifact.id)
            return [maker] if maker else []


def _stands(execution: Execution, catalogue: Catalogue) -> Execution:
    """Take the execution that a cached one reuses: it is the one that printed something."""
    if not isinstance(execution.status, Cached):
        return execution
    earlier = catalogue.execution(execution.status.execution)
    if earlier is None:
        return execution
    click.echo(f"{execution.node} was cached: this is the log of {earlier.name}", err=True)
    return _stands(earlier, catalogue)


def _say_none(executions: Sequence[Execution]) -> None:
    ended = ", ".join(f"{execution.node} {state_of(execution)}" for execution in executions)
    raise UnknownReference(
        found=f"no log ({ended or 'nothing ran'})",
        expected="a node whose executor was called",
        do="See why: headrace why NODE",
    )


def _found(execution: Execution, place: Place) -> Path:
    """Find a log where it was written, or the copy that a pod left beside the artifacts."""
    log = place.project / execution.log
    if not log.is_file() and not isinstance(execution.status, Running):
        content = kept_log(execution, place.root)
        if content is not None:
            log = place.state.work / "logs" / execution.name
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_bytes(content)
    return log


def _print(log: Path, execution: Execution, catalogue: Catalogue, *, tail: int | None, follow: bool) -> None:
    if not log.is_file() and not (follow and isinstance(execution.status, Running)):
        click.echo(f"the log of {execution.name} is gone ({log})", err=True)
        return
    for text in _followed(log, execution, catalogue) if follow else [_whole(log)]:
        lines = text.splitlines(keepends=True)
        click.echo("".join(lines if tail is None else lines[len(lines) - min(tail, len(lines)) :]), nl=False)
        tail = None


def _whole(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    return text if text.endswith("\n") or not text else f"{text}\n"


def _followed(log: Path, execution: Execution, catalogue: Catalogue) -> Iterator[str]:
    """Read on as a log grows, until its execution has ended; what stands there already comes first."""
    while not log.is_file():
        if _has_ended(execution, catalogue):
            return
        time.sleep(POLL)
    with log.open(encoding="utf-8", errors="replace") as file:
        while True:
            ended = _has_ended(execution, catalogue)
            yield file.read()
            if ended:
                return
            time.sleep(POLL)


def _has_ended(execution: Execution, catalogue: Catalogue) -> bool:
    now = catalogue.execution(execution.id)
    return now is None or not isinstance(now.status, Running)
