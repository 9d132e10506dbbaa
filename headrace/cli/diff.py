"""`headrace diff`: two runs or two artifacts beside each other; only what differs."""

from pathlib import Path

import click

from headrace.cli.output import print_json, print_rows
from headrace.cli.store_option import advice_for, open_catalogue, store_options
from headrace.cli.taken import say_taken
from headrace.compare.comparison import Comparison, compare_artifacts, compare_runs
from headrace.compare.fail_on import limits_of, past_limits
from headrace.compare.sections import sections_of
from headrace.errors import ExitCode, UsageError
from headrace.lineage.load import load
from headrace.lineage.records_json import record_json
from headrace.lineage.reference import resolve
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Run, StoredArtifact

LIMITS = "Exit with 3 past limits: drift=0.1,metric.auc=-0.01,missing=0.05,schema."


@click.command(help="Compare two runs or two artifacts: parameters, code, environment, statistics, schema, metrics.")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--fail-on", "limits", metavar="LIMITS", help=LIMITS)
@click.option(
    "-o", "--output", type=click.Choice(["table", "json", "ndjson", "md"]), default="table", help="How to print."
)
@store_options
@click.pass_context
def command(
    context: click.Context, first: str, second: str, limits: str | None, output: str, config: str | None, db: str | None
) -> None:
    wanted = [] if limits is None else limits_of(limits)
    snapshot = load(open_catalogue(config, db))
    found = _compare(first, second, snapshot)
    past = past_limits(found, wanted)
    _print(found, past, output)
    for number in found.unread:
        click.echo(_unread(number, snapshot), err=True)
    for line in past:
        click.echo(f"past the limit: {line}", err=True)
    if past:
        context.exit(int(ExitCode.GATE))


def _unread(number: int, snapshot: Snapshot) -> str:
    artifact = snapshot.artifact(number)
    advice = advice_for(artifact.record.path, snapshot.root) if artifact else ""
    return f"artifact:{number} has no preview that can be read: it was not compared{advice and f'; {advice}'}"


def _compare(first: str, second: str, snapshot: Snapshot) -> Comparison:
    found = [resolve(reference, snapshot, Path.cwd()) for reference in (first, second)]
    for reference, each in zip((first, second), found, strict=True):
        say_taken(reference, each)
    match found:
        case [Run() as before, Run() as after]:
            return compare_runs(snapshot, before, after)
        case [StoredArtifact() as before, StoredArtifact() as after]:
            return compare_artifacts(snapshot, before, after)
    raise UsageError(
        found=f"{first} and {second}",
        expected="two runs, or two artifacts",
        do="Name runs as @prev and @latest, artifacts as RUN/NODE.output",
    )


def _print(found: Comparison, past: list[str], output: str) -> None:
    if output == "json":
        print_json({**record_json("diff", found), "kind": "diff", "compared": found.kind, "past_limits": past})
    elif output == "md":
        from headrace.compare.markdown import markdown_of

        click.echo(markdown_of(found, past), nl=False)
    elif output == "ndjson":
        rows = [
            {"part": s.title, **dict(zip(s.columns, row, strict=True))} for s in sections_of(found) for row in s.rows
        ]
        print_rows(rows, (), output)
    else:
        _print_tables(found)


def _print_tables(found: Comparison) -> None:
    sections = sections_of(found)
    for number, section in enumerate(sections):
        click.echo(f"{chr(10) if number else ''}{section.title}")
        print_rows([dict(zip(section.columns, row, strict=True)) for row in section.rows], section.columns, "table")
    if not sections:
        click.echo("nothing differs", err=True)
