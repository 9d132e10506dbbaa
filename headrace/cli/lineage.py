"""`headrace lineage`: what something was made from, and what was made from it, as a tree."""

import sys
from pathlib import Path

import click

from headrace.cli.output import print_json
from headrace.cli.session import config_option, open_session, output_option
from headrace.lineage.export import walks_json
from headrace.lineage.label import labels_of
from headrace.lineage.load import load
from headrace.lineage.query import Direction, Walk, ancestors, descendants, starts_of
from headrace.lineage.reference import resolve
from headrace.lineage.tree import draw, glyphs_for
from headrace.metadata.catalogue import Catalogue

TITLES = {"up": "made from", "down": "went into"}


@click.command(help="Draw what REF was made from (--up), what was made from it (--down), or both.")
@click.argument("reference", metavar="REF")
@click.option("--up", "ways", flag_value="up", help="Only what it was made from.")
@click.option("--down", "ways", flag_value="down", help="Only what was made from it.")
@click.option("--both", "ways", flag_value="both", default="both", help="Both (the default).")
@click.option("--depth", type=click.IntRange(0), help="How many executions away (default: all).")
@click.option("--cached", is_flag=True, help="Draw also the cached executions that an earlier one stands for.")
@output_option
@config_option
def command(reference: str, ways: str, depth: int | None, cached: bool, output: str, config: str | None) -> None:
    snapshot = load(Catalogue(open_session(config).read().store))
    found = resolve(reference, snapshot, Path.cwd())
    directions: list[Direction] = ["up", "down"] if ways == "both" else ["up" if ways == "up" else "down"]
    walks = [
        {"up": ancestors, "down": descendants}[way](snapshot, starts_of(found, snapshot, way), depth, cached=cached)
        for way in directions
    ]
    labels = labels_of(snapshot)
    if output == "json":
        print_json(walks_json(reference, walks, labels))
        return
    for number, walk in enumerate(walks):
        if len(walks) > 1:
            click.echo(f"{chr(10) if number else ''}{TITLES[walk.direction]}")
        for line in draw(walk, labels, glyphs_for(sys.stdout.encoding)):
            click.echo(line)
    _say_left_out(walks)


def _say_left_out(walks: list[Walk]) -> None:
    beyond = sum(count for walk in walks for count in walk.beyond.values())
    folded = sum(count for walk in walks for count in walk.folded.values())
    if beyond:
        click.echo(f"{beyond} more beyond --depth", err=True)
    if folded:
        click.echo(f"+N cached: {folded} times a cached execution that an earlier one stands for (--cached)", err=True)
