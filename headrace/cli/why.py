"""`headrace why`: why a node ran, or did not, in a run."""

from collections.abc import Sequence
from pathlib import Path

import click

from headrace.cli.failure import print_error
from headrace.cli.output import print_json
from headrace.cli.session import output_option
from headrace.cli.store_option import open_records, store_options
from headrace.errors import UsageError
from headrace.launcher.cache import shortened, why
from headrace.lineage.earlier import earlier_of
from headrace.lineage.facts import VERSION, error_facts
from headrace.lineage.lists import Row, makers_of
from headrace.lineage.reference import resolve
from headrace.lineage.run_diff import changes_in
from headrace.lineage.shelf import Records
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Cached, Execution, Run
from headrace.metadata.states import reason_of, state_of
from headrace.spec.messages import Block, Canceled, Skip

HISTORY = 50
"""How many of a node's last executions are looked at for the one to compare with."""


@click.command(help="Say why NODE ran, was cached, skipped or blocked, or what made it fail: RUN/NODE, execution:N.")
@click.argument("reference", metavar="NODE")
@click.option("--run", metavar="REF", help="The run (default: the newest, or what NODE says).")
@output_option
@store_options
def command(reference: str, run: str | None, output: str, config: str | None, db: str | None) -> None:
    catalogue = open_records(config, db)
    execution = _named(f"{run}/{reference}" if run else reference, catalogue)
    before = _before(execution, catalogue)
    facts = _facts(execution, before, catalogue)
    if output == "json":
        print_json(facts)
        return
    click.echo(_headline(execution, catalogue))
    for line in _changes(execution, before, catalogue):
        click.echo(f"  {line}")
    if before and not isinstance(execution.status, Cached):
        click.echo(f"compared with execution:{before.id} ({before.name})")
    if error := error_facts(execution):
        print_error(error)
        if db is None:
            _say_what_next(execution)


def _named(reference: str, catalogue: Records) -> Execution:
    """Find an execution; an artifact stands for the one that made it."""
    match resolve(reference, catalogue, Path.cwd()):
        case Execution() as execution:
            return execution
        case Run() as run:
            found = f"the run {run.id}"
        case artifact:
            if maker := makers_of(catalogue, [artifact]).get(artifact.id):
                return maker
            found = f"artifact:{artifact.id}, which no node made"
    raise UsageError(found=found, expected="a node of a run", do="Name one, as RUN/NODE or execution:N")


def _say_what_next(execution: Execution) -> None:
    click.echo(f"log: headrace logs execution:{execution.id}    to go on: headrace run --resume {execution.run}")


def _before(execution: Execution, catalogue: Records) -> Execution | None:
    """Find the node's last execution before this one that succeeded."""
    if isinstance(catalogue, Snapshot) and execution.key is None:
        return earlier_of([execution], catalogue).get(execution.node)
    earlier = _of_node(execution, catalogue) if execution.key else ()
    return next((e for e in earlier if e.id < execution.id and e.key and e.succeeded), None)


def _of_node(execution: Execution, catalogue: Records) -> Sequence[Execution]:
    reader = catalogue.catalogue if isinstance(catalogue, Snapshot) else catalogue
    assert isinstance(reader, Catalogue)
    return reader.store.of_node(execution.pipeline, execution.node, HISTORY)


def _headline(execution: Execution, catalogue: Records) -> str:
    name, state = f"{execution.node} in {execution.run}", state_of(execution)
    match execution.status:
        case Cached(earlier, reason):
            stands = catalogue.execution(earlier)
            made = f"execution:{earlier}{f' ({stands.name})' if stands else ''}"
            return f"{name}: CACHED, {reason or 'nothing in its key changed'}; {made} stands for it"
        case Skip(reason) | Canceled(reason):
            return f"{name}: {state}, {reason}"
        case Block(gate):
            return f"{name}: BLOCKED by {gate}; what it found: headrace show {execution.run}/{gate}"
        case _ if isinstance(catalogue, Snapshot) and execution.key is None:
            return f"{name}: {state}; its store keeps no cache key"
        case _ if execution.key is None:
            return f"{name}: {state} before its key was known"
        case _:
            attempt = f", attempt {execution.attempt}" if execution.attempt > 1 else ""
            return f"{name}: {state}{attempt}; it ran because"


def _changes(execution: Execution, before: Execution | None, catalogue: Records) -> list[str]:
    """List why an execution ran: what was noted, and the parts of its key that differ from before, old and new."""
    if isinstance(execution.status, Cached | Skip | Block | Canceled):
        return []
    if execution.key is None:
        return _without_key(execution, before, catalogue)
    noted = [execution.note] if execution.note else []
    return [*noted, *why(before.key if before else None, execution.key)] or ["its last result could not stand"]


def _without_key(execution: Execution, before: Execution | None, catalogue: Records) -> list[str]:
    """Say what of another program's execution differs from before."""
    if not isinstance(catalogue, Snapshot):
        return []
    if before is None:
        return ["it has not run before"]
    changes = changes_in(catalogue, before, execution)
    told = [f"{c.part}: {shortened(c.before)} -> {shortened(c.after)}" for c in changes]
    return told or ["nothing that its store has of it differs"]


def _facts(execution: Execution, before: Execution | None, catalogue: Records) -> Row:
    return {
        "version": VERSION,
        "kind": "why",
        "run": execution.run,
        "node": execution.node,
        "execution": execution.id,
        "state": state_of(execution),
        "reason": reason_of(execution),
        "changed": _changes(execution, before, catalogue),
        "before": before.id if before else None,
        "stands_for_it": execution.status.execution if isinstance(execution.status, Cached) else None,
        "error": error_facts(execution),
        "headline": _headline(execution, catalogue),
    }
