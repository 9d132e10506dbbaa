"""Says what came out of a run: what each artifact's preview says in a line, tables, errors, what to do next."""

from pathlib import Path

import click

from headrace.artifacts.preview import read_preview
from headrace.cli.output import short_time
from headrace.errors import ExitCode
from headrace.metadata.records import Execution
from headrace.orchestrators.events import reason_of, state_of
from headrace.orchestrators.session import Finished
from headrace.spec.messages import ArtifactRecord, Failed
from headrace.spec.order import ordered
from headrace.spec.records import PipelineSpec


def say(finished: Finished, spec: PipelineSpec, project: Path, code: ExitCode) -> None:
    """Print the outcome of a run."""
    for node in ordered(spec):
        execution = finished.executions.get(node.id)
        if execution and execution.succeeded:
            _say_outputs(execution)
    for execution in finished.executions.values():
        if isinstance(execution.status, Failed):
            _say_failure(execution, execution.status, project)
    _say_end(finished, code)


def _say_outputs(execution: Execution) -> None:
    for name, found in execution.outputs.items():
        for artifact in found:
            preview = read_preview(_preview_file(artifact))
            if preview and preview.get("summary"):
                click.echo(f"  {execution.node}.{name}: {preview['summary']}")
            content = preview.get("content") if preview else None
            table = content.get("table") if isinstance(content, dict) else None
            if isinstance(table, dict):
                _say_table(table)


def _say_table(table: dict[str, list[object]]) -> None:
    """Print `{"columns": [...], "rows": [[...], ...]}`."""
    rows = [[_cell(value) for value in row] for row in table["rows"] if isinstance(row, list)]
    columns = [str(column) for column in table["columns"]]
    widths = [max(len(column), *(len(row[i]) for row in rows), 0) for i, column in enumerate(columns)]
    for line in (columns, *rows):
        parts = [
            part.ljust(w) if i == 0 else part.rjust(w) for i, (part, w) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("      " + "  ".join(parts).rstrip())


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "-" if value is None else str(value)


def _preview_file(artifact: ArtifactRecord) -> Path:
    path = Path(artifact.path)
    return path.with_name(f"{path.name}.preview.json")


def _say_failure(execution: Execution, failed: Failed, project: Path) -> None:
    """Print a failure: the user's own line first."""
    click.echo(f"{execution.node} failed: {reason_of(execution)}", err=True)
    if failed.frame:
        click.echo(f"  at {failed.frame}", err=True)
    if failed.log:
        click.echo(f"  log: {failed.log}   (headrace logs {execution.run[:20]} {execution.node})", err=True)
    del project


def _say_end(finished: Finished, code: ExitCode) -> None:
    run = finished.run
    states = [state_of(execution) for execution in finished.executions.values()]
    counts = ", ".join(f"{states.count(state)} {state.lower()}" for state in dict.fromkeys(states))
    took = short_time(run.ended - run.started)
    click.echo(f"run {run.id}: {run.state} in {took} ({counts})")
    if code == ExitCode.OK:
        click.echo("what made it: headrace lineage @latest    why a node ran: headrace why NODE")
    elif code == ExitCode.GATE:
        reasons = [f"{e.node}: {reason_of(e)}" for e in finished.executions.values() if state_of(e) in ("BLOCKED",)]
        click.echo(f"stopped by a gate ({'; '.join(reasons) or 'the model is not blessed'})", err=True)
    else:
        click.echo(f"to go on: headrace run --resume {run.id}", err=True)
