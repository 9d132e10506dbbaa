"""`headrace show`: all that is known of a run, an execution or an artifact."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from headrace.cli.facts import in_words, print_facts, text_of
from headrace.cli.failure import print_error
from headrace.cli.output import print_json
from headrace.cli.session import output_option
from headrace.cli.store_option import advice_for, open_records, store_options
from headrace.lineage.facts import artifact_facts, execution_facts, run_facts
from headrace.lineage.label import LOST, counted
from headrace.lineage.lists import Row
from headrace.lineage.reference import Found, resolve
from headrace.lineage.shelf import Records
from headrace.metadata.records import Execution, Run
from headrace.spec.records import Json

NODES = ("node", "state", "seconds", "cpu_seconds", "peak_memory", "reason")
WHOLE = ("path", "log", "payload")
"""What is of no use when it is cut."""
SLOTS = ("name", "artifact", "type", "span", "size", "digest", "resolver")


@click.command(
    help="Show a run (@latest), an execution (RUN/NODE) or an artifact (RUN/NODE.output, artifact:N, a path)."
)
@click.argument("reference", metavar="REF")
@output_option
@store_options
def command(reference: str, output: str, config: str | None, db: str | None) -> None:
    catalogue = open_records(config, db)
    facts = _facts(resolve(reference, catalogue, Path.cwd()), catalogue)
    if output == "json":
        print_json(facts)
        return
    {"run": _print_run, "execution": _print_execution, "artifact": _print_artifact}[str(facts["kind"])](facts)


def _facts(found: Found, catalogue: Records) -> Row:
    match found:
        case Run():
            return run_facts(found, catalogue.in_run(found.id))
        case Execution():
            return execution_facts(found, catalogue.lost(found.id))
        case artifact:
            advice = advice_for(artifact.record.path, catalogue.root)
            return {**artifact_facts(artifact, catalogue), **({"unread": advice} if advice else {})}


def _print_run(facts: Row) -> None:
    took = in_words("seconds", facts["seconds"])
    click.echo(f"run {facts['id']}  {facts['pipeline']}  {facts['state']}{f' in {took}' if took else ''}")
    commit = (
        f"{str(facts['git_commit'])[:12]}{' with changes' if facts['git_dirty'] else ''}" if facts["git_commit"] else ""
    )
    _print_pairs(
        {"started": in_words("started", facts["started"]), "host": facts["host"], "code": commit}
        | {"orchestrator": facts["orchestrator"]}
    )
    _print_table("values", _rows(facts["values"]), ("name", "value", "origin"))
    frozen = facts["frozen"]
    if isinstance(frozen, Mapping) and frozen:
        click.echo("\nspans")
        _print_pairs(frozen)
    _print_table("nodes", _rows(facts["executions"]), NODES)


def _print_execution(facts: Row) -> None:
    took = in_words("seconds", facts["seconds"])
    click.echo(f"execution:{facts['id']}  {facts['node']}  {facts['state']}{f' in {took}' if took else ''}")
    if isinstance(facts["error"], Mapping):
        print_error(facts["error"])
    cached = f"execution:{facts['stands_for_it']}" if facts["stands_for_it"] else ""
    reason = "" if facts["error"] else facts["reason"]
    _print_pairs(
        {"run": facts["run"], "attempt": facts["attempt"], "component": facts["component"], "reason": reason}
        | {"stands for it": cached, "started": in_words("started", facts["started"])}
        | {"cpu": in_words("cpu_seconds", facts["cpu_seconds"])}
        | {"peak memory": in_words("peak_memory", facts["peak_memory"]), "log": facts["log"]}
    )
    for side in ("inputs", "outputs"):
        _print_table(side, [_slot(row) for row in _rows(facts[side])], SLOTS)
    for title, name in (("parameters", "parameters"), ("cache key", "key_parts"), ("code", "sources")):
        parts = facts[name]
        if isinstance(parts, Mapping) and parts:
            digest = f" {_short(facts['key'])}" if name == "key_parts" else ""
            click.echo(f"\n{title}{digest}")
            _print_pairs({part: _short(value) for part, value in parts.items()})


def _slot(row: Row) -> Row:
    """Shorten the digest of what was read or made; say where the store lost it."""
    return {**row, "type": LOST} if row.get("lost") else {**row, "digest": _short(row["digest"])}


def _print_artifact(facts: Row) -> None:
    click.echo(f"artifact:{facts['id']}  {facts['type']}  {facts['state']}")
    size = in_words("size", facts["size"])
    judged = {True: "yes", False: "no", None: ""}[bool(facts["blessed"]) if facts["blessed"] is not None else None]
    _print_pairs(
        {
            "path": facts["path"],
            "payload": facts.get("unread") or _tombstone(facts),
            "size": size,
            "digest": facts["digest"],
            "layout": facts["layout"] or None,
        }
        | {"created": in_words("created", facts["created"]), "tainted": facts["tainted"]}
        | {"blessed": judged, "pushed": facts["pushed"] or None}
    )
    preview = facts["preview"]
    if isinstance(preview, Mapping) and preview.get("summary"):
        click.echo(f"\npreview\n  {preview['summary']}")
    if isinstance(facts["properties"], Mapping) and facts["properties"]:
        click.echo("\nproperties")
        _print_pairs(facts["properties"])
    for title in ("made_by", "read_by"):
        _print_table(title.replace("_", " "), _rows(facts[title]), ("id", "node", "run", "state", "started"))
    if reused := _rows(facts["reused_by"]):
        click.echo(f"\nreused by {counted(len(reused), 'cached execution')}, last {reused[-1]['run']}")


def _tombstone(facts: Row) -> str:
    """Say that nothing is where an artifact was; empty where it is there."""
    if facts["exists"]:
        return ""
    what = "gone or out of reach" if "://" in str(facts["path"]) else "gone"
    return f"{what}: nothing is at this path; what is recorded of it stays"


def _print_pairs(pairs: Mapping[str, Json]) -> None:
    """Print names and values, leaving out what is not there."""
    there = {name: value for name, value in pairs.items() if value not in (None, "")}
    shown = {name: str(value) if name in WHOLE else text_of(value) for name, value in there.items()}
    width = max((len(name) for name in shown), default=0)
    for name, value in shown.items():
        click.echo(f"  {name.ljust(width)}  {value}".rstrip())


def _print_table(title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    if rows:
        click.echo(f"\n{title}")
        print_facts(rows, [c for c in columns if any(row.get(c) not in (None, "") for row in rows)], "table")


def _rows(value: Json) -> list[Row]:
    return [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _short(value: Json) -> Json:
    """Shorten what looks like a digest."""
    return value[:12] if isinstance(value, str) and len(value) == 64 and value.isalnum() else value  # noqa: PLR2004  SHA-256 in hex
