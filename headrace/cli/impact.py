"""`headrace impact`: all that was made from something, up to pushed models; marks it as tainted, or takes that back."""

from pathlib import Path

import click

from headrace.cli.facts import print_facts
from headrace.cli.figures import FIGURES, check_figure_options, figure, figure_options, print_figure
from headrace.cli.output import print_json
from headrace.cli.session import open_session
from headrace.cli.store_option import open_catalogue, store_options
from headrace.errors import UsageError
from headrace.lineage.impact import Impact, impact
from headrace.lineage.label import counted, labels_of, marks_texts
from headrace.lineage.lists import Row, artifact_row
from headrace.lineage.load import load
from headrace.lineage.query import starts_of
from headrace.lineage.records_json import record_json
from headrace.lineage.reference import Found, resolve
from headrace.lineage.snapshot import Snapshot
from headrace.lineage.taint import taint, untaint
from headrace.lineage.view import view_of
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.store import Store

KINDS = ("table", "json", "ndjson", *FIGURES)
COLUMNS = ("type", "artifact", "span", "node", "run", "created", "state", "marks", "tainted")


@click.command(help="Say what was made from REF, up to the models that were pushed.")
@click.argument("reference", metavar="REF")
@click.option("--mark", type=click.Choice(["tainted"]), help="Let nothing reuse REF and what was made from it.")
@click.option("--unmark", is_flag=True, help="Take the mark back.")
@click.option("--reason", metavar="TEXT", default="", help="Why it is marked; kept with every artifact.")
@figure_options
@click.option("-o", "--output", type=click.Choice(KINDS), default="table", help="How to print.")
@store_options
def command(
    reference: str,
    mark: str | None,
    unmark: bool,
    reason: str,
    by: str | None,
    most: int | None,
    output: str,
    config: str | None,
    db: str | None,
) -> None:
    check_figure_options(output, by, most)
    _check(mark, unmark=unmark, reason=reason, db=db)
    writes = bool(mark) or unmark
    catalogue = Catalogue(open_session(config).open().store) if writes else open_catalogue(config, db)
    snapshot = load(catalogue)
    found = resolve(reference, snapshot, Path.cwd())
    done = ""
    if writes:
        store = catalogue.store
        done = _marked(store, snapshot, found, reason) if mark else _unmarked(store, snapshot, found)
        snapshot = load(catalogue)
    _print(reference, impact(snapshot, starts_of(found, snapshot, "down")), snapshot, output, (by, most))
    if done:
        click.echo(done, err=True)


def _check(mark: str | None, *, unmark: bool, reason: str, db: str | None) -> None:
    if mark and unmark:
        raise UsageError(found="--mark and --unmark", expected="one of them", do="Leave one out")
    if bool(mark) != bool(reason.strip()):
        raise UsageError(
            found="--mark without --reason" if mark else "--reason without --mark",
            expected="both: who finds the mark later asks why",
            do="Say why, for example --mark tainted --reason 'wrong labels in span 7'",
        )
    if db and (mark or unmark):
        raise UsageError(found="--db with a mark", expected="the project's own store", do="Leave --db out")


def _print(
    reference: str, told: Impact, snapshot: Snapshot, output: str, drawing: tuple[str | None, int | None]
) -> None:
    if output == "json":
        print_json({**record_json("impact", told), "reference": reference})
        return
    if output in FIGURES:
        drawn = figure(f"impact {reference}", labels_of(snapshot), view_of([told.walk]), *drawing)
        print_figure(drawn, output)
    else:
        rows = _rows(told, snapshot)
        print_facts(rows, [c for c in COLUMNS if any(row.get(c) for row in rows)], output)
    _say_count(told, snapshot)


def _say_count(told: Impact, snapshot: Snapshot) -> None:
    """Count what was made by the runs that made it; those that only read it, or took it from the cache, apart."""
    numbers = [number for found in told.artifacts.values() for number in found]
    makers = {made["run"] for made in (_made_by(number, snapshot) for number in numbers) if made["run"]}
    others = len({*told.runs} - makers)
    runs, models = counted(len(makers), "run"), counted(len(told.models), "model")
    more = f"; {counted(others, 'more run')} only read or reused" if others else ""
    click.echo(f"{counted(len(numbers), 'artifact')} made in {runs}, {models}{more}", err=True)
    for where in told.pushed:
        click.echo(f"pushed: {where}", err=True)


def _rows(told: Impact, snapshot: Snapshot) -> list[Row]:
    marks = {model.artifact: model.marks for model in told.models}
    numbers = [number for found in told.artifacts.values() for number in found]
    rows: list[Row] = []
    for artifact in snapshot.artifacts_with(numbers):
        mark = marks.get(artifact.id)
        row = {**artifact_row(artifact, None), **_made_by(artifact.id, snapshot), "artifact": f"artifact:{artifact.id}"}
        rows.append({**row, "marks": [*marks_texts(mark)] if mark else [], "tainted": artifact.tainted or None})
    return rows


def _made_by(artifact: int, snapshot: Snapshot) -> Row:
    made = snapshot.made_by(artifact)
    maker = snapshot.by_execution[made.execution] if made else None
    return {"node": maker.node if maker else None, "run": maker.run if maker else None}


def _marked(store: Store, snapshot: Snapshot, found: Found, reason: str) -> str:
    told = taint(store, snapshot, found, reason)
    if not told.changed:
        return f"nothing changed: {counted(len(told.touched), 'artifact')} had this mark already"
    return f"{counted(len(told.changed), 'artifact')} marked as tainted: nothing reuses what is marked"


def _unmarked(store: Store, snapshot: Snapshot, found: Found) -> str:
    told = untaint(store, snapshot, found)
    count = f"{counted(len(told.changed), 'artifact')} no longer marked"
    done = f"{count} by {told.source}" if told.changed else f"nothing changed: no mark is from {told.source}"
    still = counted(len(told.still), "artifact")
    return f"{done}; {still} still tainted by other marks" if told.still else done
