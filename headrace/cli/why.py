"""`headrace why`: why a node ran, or did not, in a run."""

import click

from headrace.cli.failure import print_error
from headrace.cli.output import print_json
from headrace.cli.session import config_option, open_session, output_option
from headrace.launcher.cache import why
from headrace.lineage.facts import VERSION, error_facts
from headrace.lineage.lists import Row
from headrace.lineage.reference import node_in, resolve_run
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Cached, Execution, Running
from headrace.metadata.states import reason_of, state_of
from headrace.spec.messages import Block, Canceled, Failed, Skip

HISTORY = 50
"""How many of a node's last executions are looked at for the one to compare with."""


@click.command(help="Say why NODE ran, was cached, skipped or blocked in a run, or what made it fail.")
@click.argument("node")
@click.option("--run", "reference", metavar="REF", default="@latest", show_default=True, help="The run.")
@output_option
@config_option
def command(node: str, reference: str, output: str, config: str | None) -> None:
    catalogue = Catalogue(open_session(config).read().store)
    given, slash, inside = node.rpartition("/")
    run = resolve_run(given if slash else reference, catalogue)
    execution = node_in(run, inside, catalogue)
    before = _before(execution, catalogue)
    facts = _facts(execution, before, catalogue)
    if output == "json":
        print_json(facts)
        return
    click.echo(_headline(execution, catalogue))
    for line in _changes(execution, before):
        click.echo(f"  {line}")
    if before and not isinstance(execution.status, Cached) and execution.key:
        click.echo(f"compared with execution:{before.id} ({before.name})")
    if error := error_facts(execution):
        print_error(error)
        click.echo(f"log: headrace logs execution:{execution.id}    to go on: headrace run --resume {execution.run}")


def _before(execution: Execution, catalogue: Catalogue) -> Execution | None:
    """Find the node's last execution before this one that succeeded."""
    earlier = catalogue.store.of_node(execution.pipeline, execution.node, HISTORY)
    return next((e for e in earlier if e.id < execution.id and e.key and e.succeeded), None)


def _headline(execution: Execution, catalogue: Catalogue) -> str:
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
        case Failed() | Running() if execution.key is None:
            return f"{name}: {state} before its key was known"
        case _:
            attempt = f", attempt {execution.attempt}" if execution.attempt > 1 else ""
            return f"{name}: {state}{attempt}; it ran because"


def _changes(execution: Execution, before: Execution | None) -> list[str]:
    """List why an execution ran: what was noted, and the parts of its key that differ from before, old and new."""
    if isinstance(execution.status, Cached | Skip | Block | Canceled) or execution.key is None:
        return []
    noted = [execution.note] if execution.note else []
    return [*noted, *why(before.key if before else None, execution.key)] or ["its last result could not stand"]


def _facts(execution: Execution, before: Execution | None, catalogue: Catalogue) -> Row:
    return {
        "version": VERSION,
        "kind": "why",
        "run": execution.run,
        "node": execution.node,
        "execution": execution.id,
        "state": state_of(execution),
        "reason": reason_of(execution),
        "changed": _changes(execution, before),
        "before": before.id if before else None,
        "stands_for_it": execution.status.execution if isinstance(execution.status, Cached) else None,
        "error": error_facts(execution),
        "headline": _headline(execution, catalogue),
    }
