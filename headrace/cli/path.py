"""`headrace path`: the ways from one thing to another, or where both came apart."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from headrace.cli.figures import FIGURES, figure, print_figure
from headrace.cli.output import print_json, print_lines
from headrace.cli.store_option import open_catalogue, store_options
from headrace.errors import UsageError
from headrace.lineage.label import Labels, labels_of
from headrace.lineage.load import load
from headrace.lineage.paths import Common, Way, Ways, common_ancestors, ways_between
from headrace.lineage.reference import resolve
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.lineage.view_of_answers import view_of_ways, ways_to_common
from headrace.metadata.records import Execution, StoredArtifact

VERSION = 1
KINDS = ("table", "json", "ndjson", *FIGURES)


@click.command(help="Show the ways from A to B, the shortest first; where there is none, what both were made from.")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="Show at most so many ways.")
@click.option("-o", "--output", type=click.Choice(KINDS), default="table", help="How to print.")
@store_options
def command(first: str, second: str, most: int, output: str, config: str | None, db: str | None) -> None:
    snapshot = load(open_catalogue(config, db))
    ends = [_vertex(reference, snapshot) for reference in (first, second)]
    ways = ways_between(snapshot, ends[0], ends[1])
    common = [] if ways.count else common_ancestors(snapshot, ends[0], ends[1])
    shown = _shown(ways, most)
    labels = labels_of(snapshot)
    apart = "" if ways.count else _apart(ends, labels)
    if output in FIGURES:
        ways_drawn = [*shown, *ways_to_common(ends, common, snapshot)]
        drawn = figure(f"path {first} {second}", labels, view_of_ways(ends, ways_drawn, snapshot))
        print_figure(drawn, output, _notes(ways, shown, apart, common), fewer="--most")
    elif output == "table":
        _print(ways, shown, apart, common, labels)
    elif output == "ndjson":
        from json import dumps

        print_lines(dumps([str(vertex) for vertex in way]) for way in shown)
    else:
        print_json(_json(ways, shown, common))
    if len(shown) < ways.count and output not in FIGURES:
        click.echo(f"{len(shown):,} of {ways.count:,} ways (--most)", err=True)


def _vertex(reference: str, snapshot: Snapshot) -> Vertex:
    match resolve(reference, snapshot, Path.cwd()):
        case StoredArtifact() as artifact:
            return Vertex("artifact", artifact.id)
        case Execution() as execution:
            return Vertex("execution", execution.id)
        case run:
            raise UsageError(
                found=f"the run {run.id}", expected="an artifact or an execution", do="Name one, as RUN/NODE.output"
            )


def _shown(ways: Ways, most: int) -> list[Way]:
    """Take the shortest way first, then others as they are found."""
    if not ways.count:
        return []
    others = islice((way for way in ways if way != ways.shortest), most - 1)
    return [ways.shortest, *others]


def _apart(ends: Sequence[Vertex], labels: Labels) -> str:
    """Say of which two things neither was made from the other: what was typed may name the newest of many."""
    return f"neither was made from the other: {' and '.join(map(labels.short, ends))}"


def _notes(ways: Ways, shown: list[Way], apart: str, common: Sequence[Common]) -> list[str]:
    """Say what a figure shows instead of a way, or not all of."""
    if ways.count:
        return [f"{len(shown):,} of {ways.count:,} ways (--most)"] if len(shown) < ways.count else []
    return [f"{apart}: {'shown is what both were made from last' if common else 'nothing that both were made from'}"]


def _print(ways: Ways, shown: list[Way], apart: str, common: Sequence[Common], labels: Labels) -> None:
    labels.snapshot.know(dict.fromkeys(vertex for way in shown for vertex in way))
    arrow = "->" if ways.direction == "down" else "<-"
    for way in shown:
        click.echo(f" {arrow} ".join(labels.short(vertex) for vertex in way))
    if not shown:
        click.echo(apart, err=True)
    for found in common:
        away = f"{found.from_first} and {found.from_second} executions away"
        click.echo(f"both were made from {labels.full(found.vertex)}  ({away})")
    if not shown and not common:
        click.echo("nothing that both were made from", err=True)


def _json(ways: Ways, shown: list[Way], common: Sequence[Common]) -> dict[str, object]:
    return {
        "version": VERSION,
        "kind": "path",
        "from": str(ways.source),
        "to": str(ways.target),
        "direction": ways.direction,
        "count": ways.count,
        "ways": [[str(vertex) for vertex in way] for way in shown],
        "common": [{"vertex": str(c.vertex), "from_first": c.from_first, "from_second": c.from_second} for c in common],
    }
