"""`headrace blame`: the least that determined an artifact: data, code, parameters and environment."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from headrace.cli.facts import print_facts
from headrace.cli.figures import FIGURES, check_figure_options, figure, figure_options, print_figure
from headrace.cli.output import print_json, print_rows
from headrace.cli.store_option import open_catalogue, store_options
from headrace.cli.taken import say_taken
from headrace.lineage.blame import Blame, blame
from headrace.lineage.label import DIGEST, counted, labels_of
from headrace.lineage.lists import Row
from headrace.lineage.load import load
from headrace.lineage.query import starts_of
from headrace.lineage.records_json import record_json
from headrace.lineage.reference import resolve
from headrace.lineage.snapshot import Vertex
from headrace.lineage.view_of_answers import view_of_blame
from headrace.spec.records import Json

KINDS = ("table", "json", "ndjson", *FIGURES)
COLUMNS: Mapping[str, Sequence[str]] = {
    "data": ("artifact", "type", "span", "digest", "source", "facts", "state"),
    "code": ("module", "digest", "nodes"),
    "commits": ("commit", "files", "runs"),
    "parameters": ("node", "name", "value", "origin"),
    "environment": ("name", "version", "nodes"),
    "read, but in no cache key": ("execution", "name", "artifact", "resolver"),
}


@click.command(help="Say what determined REF: the data, code, parameters and environment that it was made from.")
@click.argument("reference", metavar="REF")
@figure_options
@click.option("-o", "--output", type=click.Choice(KINDS), default="table", help="How to print.")
@store_options
def command(reference: str, by: str | None, most: int | None, output: str, config: str | None, db: str | None) -> None:
    check_figure_options(output, by, most)
    snapshot = load(open_catalogue(config, db))
    named = resolve(reference, snapshot, Path.cwd())
    say_taken(reference, named)
    found = blame(snapshot, starts_of(named, snapshot, "up"))
    if output == "json":
        print_json({**record_json("blame", found), "reference": reference})
        return
    if output in FIGURES:
        notes = [f"{counted(len(found.unkeyed), 'input')} in no cache key: not followed"] if found.unkeyed else []
        drawn = figure(f"blame {reference}", labels_of(snapshot), view_of_blame(found, snapshot), by, most)
        print_figure(drawn, output, notes)
        return
    _print(_parts(found), found, output)


def _print(parts: Mapping[str, Sequence[Row]], found: Blame, output: str) -> None:
    if output == "ndjson":
        print_rows([{"part": title, **row} for title, rows in parts.items() for row in rows], (), output)
        return
    for title, rows in parts.items():
        if rows:
            click.echo(title)
            print_facts(rows, [c for c in COLUMNS[title] if any(row.get(c) not in (None, "") for row in rows)], "table")
            click.echo("")
    digests = _short(", ".join(found.environments)) or ("" if found.environment else "not recorded")
    environment = f"; environment {digests}" if digests else ""
    click.echo(f"{counted(len(found.executions), 'execution')}{environment}")


def _parts(found: Blame) -> dict[str, list[Row]]:
    return {
        "data": [
            {
                "artifact": str(Vertex("artifact", leaf.artifact)),
                "type": leaf.type,
                "span": leaf.span,
                "digest": leaf.digest[:DIGEST],
                "source": leaf.place,
                "facts": ", ".join(f"{name} {_short(value)}" for name, value in leaf.facts.items() if name != "span"),
                "state": "" if leaf.state == "LIVE" else leaf.state,
            }
            for leaf in found.data
        ],
        "code": [{"module": c.module, "digest": c.digest[:DIGEST], "nodes": [*c.nodes]} for c in found.code],
        "commits": [
            {"commit": c.commit[:12], "files": "changed since" if c.dirty else "", "runs": [*c.runs]}
            for c in found.commits
        ],
        "parameters": [
            {"node": p.node, "name": p.name, "value": p.value, "origin": p.origin} for p in found.parameters
        ],
        "environment": [{"name": e.name, "version": e.version, "nodes": [*e.nodes]} for e in found.environment],
        "read, but in no cache key": [
            {
                "execution": str(Vertex("execution", edge.execution)),
                "name": edge.name,
                "artifact": str(Vertex("artifact", edge.artifact)),
                "resolver": edge.resolver,
            }
            for edge in found.unkeyed
        ],
    }


def _short(value: Json) -> str:
    """Shorten the digests in a text."""
    return " ".join(_cut(word) for word in str(value).split())


def _cut(word: str) -> str:
    head, colon, digest = word.rpartition(":")
    return f"{head}{colon}{digest[:DIGEST]}" if len(digest) >= 32 and digest.isalnum() else word  # noqa: PLR2004  a digest
