"""`headrace lineage`: what something was made from, and what was made from it."""

import sys
from pathlib import Path

import click

from headrace.cli.features import check_features, print_features
from headrace.cli.figures import FIGURES, check_figure_options, figure, figure_options, print_figure
from headrace.cli.output import print_json, print_lines
from headrace.cli.store_option import open_catalogue, store_options
from headrace.errors import UsageError
from headrace.lineage.by_type import check_type
from headrace.lineage.export import walk_rows, walks_json
from headrace.lineage.label import Labels, counted, labels_of
from headrace.lineage.load import load
from headrace.lineage.moment import as_of, at, found_at
from headrace.lineage.query import Border, Direction, Walk, folded_in, run_around, starts_of, walk
from headrace.lineage.reference import Found, resolve
from headrace.lineage.snapshot import Snapshot
from headrace.lineage.tree import draw, glyphs_for
from headrace.lineage.view import view_of
from headrace.metadata.records import StoredArtifact

TITLES = {"up": "made from", "down": "went into"}
KINDS = ("tree", "table", "json", "ndjson", *FIGURES, "openlineage")
COLUMNS = ("direction", "distance", "kind", "id", "type", "node", "run", "state", "created", "started")


class Depth(click.ParamType):  # type: ignore[type-arg]  # it takes one in some versions of click only
    """A number of executions; nothing for all."""

    name = "depth"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if text == "all":
            return -1
        if not text.isdigit():
            self.fail(f"{text!r} is no number of executions; write REF before --up and --down", param, ctx)
        return int(text)


@click.command(help="Draw what REF was made from (--up), what was made from it (--down), or both.")
@click.argument("reference", metavar="REF")
@click.option("--up", type=Depth(), is_flag=False, flag_value="all", help="What it was made from, N executions away.")
@click.option("--down", type=Depth(), is_flag=False, flag_value="all", help="What was made from it, N executions away.")
@click.option("--both", is_flag=True, help="Both (the default).")
@click.option(
    "--depth",
    type=click.IntRange(0),
    help="How many executions away where --up or --down says no number (default: all).",
)
@click.option("--until", metavar="TYPE", default="", help="Stop at artifacts of a type.")
@click.option("--within-run", is_flag=True, help="Stay in the run of REF.")
@figure_options
@click.option("--cached", is_flag=True, help="Draw also the cached executions that an earlier one stands for.")
@click.option("--as-of", "moment", metavar="TIME", help="As it was then: 2026-11-24 (its end), 2026-11-24T10:30, 7d.")
@click.option("--features", is_flag=True, help="Trace the features of REF, from raw columns to the model.")
@click.option("--feature", metavar="NAME", help="Trace one feature, or what a raw column went into.")
@click.option("-o", "--output", type=click.Choice(KINDS), default="tree", help="How to print.")
@store_options
def command(
    reference: str,
    output: str,
    by: str | None,
    most: int | None,
    moment: str | None,
    config: str | None,
    db: str | None,
    **options: object,
) -> None:
    of_features = bool(options["features"] or options["feature"])
    if of_features:
        check_features(output, {**options, "collapse": by, "most": most})
    check_figure_options(output, by, most)
    until = as_of(moment) if moment else None
    whole = load(open_catalogue(config, db))
    snapshot = whole if until is None else at(whole, until)
    found = found_at(resolve, reference, whole, snapshot, Path.cwd())
    if options["until"]:
        check_type(str(options["until"]), snapshot)
    if of_features:
        print_features(snapshot, _artifact(found, reference), str(options["feature"] or ""), output)
        return
    walks = _walks(found, snapshot, options)
    labels = labels_of(snapshot)
    if output == "openlineage":
        _print_openlineage(snapshot, walks, ours=db is None)
    elif output in FIGURES:
        print_figure(figure(reference, labels, view_of(walks), by, most), output, fewer="--collapse, --most or --depth")
    elif output == "tree":
        _print_trees(walks, labels)
    else:
        _print_data(reference, walks, labels, output)


def _walks(found: Found, snapshot: Snapshot, options: dict[str, object]) -> list[Walk]:
    depths = {way: options[way] for way in ("up", "down")}
    chosen = [way for way in ("up", "down") if depths[way] is not None and not options["both"]]
    ways: list[Direction] = ["up", "down"] if len(chosen) != 1 else ["up" if chosen == ["up"] else "down"]
    run = run_around(found, snapshot) if options["within_run"] else ""
    walks: list[Walk] = []
    for way in ways:
        given = depths[way] if depths[way] not in (None, -1) else options["depth"]
        depth = given if isinstance(given, int) else None
        border = Border(depth=depth, until=str(options["until"]), run=run)
        walks.append(walk(snapshot, starts_of(found, snapshot, way), way, border, cached=bool(options["cached"])))
    return walks


def _artifact(found: Found, reference: str) -> int:
    if isinstance(found, StoredArtifact):
        return found.id
    raise UsageError(found=f"{reference} is no artifact", expected="a model, or a TransformGraph", do="Name one")


def _print_trees(walks: list[Walk], labels: Labels) -> None:
    for number, each in enumerate(walks):
        if len(walks) > 1:
            click.echo(f"{chr(10) if number else ''}{TITLES[each.direction]}")
        print_lines(draw(each, labels, glyphs_for(sys.stdout.encoding)))
    _say_left_out(walks)


def _print_data(reference: str, walks: list[Walk], labels: Labels, output: str) -> None:
    from headrace.cli.facts import print_facts

    if output == "json":
        print_json(walks_json(reference, walks, labels))
        return
    print_facts(walk_rows(walks, labels), COLUMNS, output)
    _say_left_out(walks)


def _print_openlineage(snapshot: Snapshot, walks: list[Walk], *, ours: bool) -> None:
    from json import dumps

    from headrace.cli.sources import sources_in
    from headrace.config.project import find_project
    from headrace.lineage.openlineage import events_of, no_source

    source_of = sources_in(find_project(Path.cwd()).root) if ours else no_source
    numbers = {v.number for each in walks for v in each.distances if v.kind == "execution"}
    print_lines(dumps(event) for event in events_of(snapshot, sorted(numbers), source_of))


def _say_left_out(walks: list[Walk]) -> None:
    beyond = sum(count for each in walks for count in each.beyond.values())
    view = view_of(walks)
    folded = folded_in(view.folded, view.vertices)
    if beyond:
        click.echo(f"{beyond} more beyond --depth, --until or the run", err=True)
    if folded:
        words = counted(folded, "cached execution")
        click.echo(f"+N cached: {words} that an earlier one stands for, each counted once (--cached)", err=True)
