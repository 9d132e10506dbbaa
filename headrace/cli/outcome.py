"""Says what came out of a run: what each artifact's preview says in a line, tables, errors, what to do next."""

from typing import Any, cast

import click

from headrace.artifacts.preview import preview_of
from headrace.cli.output import short_time
from headrace.errors import ExitCode
from headrace.metadata.records import Execution
from headrace.metadata.states import reason_of, state_of
from headrace.orchestrators.request import Finished
from headrace.spec.messages import Failed
from headrace.spec.order import ordered
from headrace.spec.records import PipelineSpec
from headrace.storage.root import Root

SLICES = 12
"""How many slices are printed."""


def say(finished: Finished, spec: PipelineSpec, code: ExitCode, root: Root) -> None:
    """Print the outcome of a run."""
    inside = [finished.executions[node.id] for node in ordered(spec) if node.id in finished.executions]
    for execution in sorted(inside, key=lambda one: isinstance(one.status, Failed)):
        say_execution(execution, root)
    _say_end(finished, code)


def say_execution(execution: Execution, root: Root) -> None:
    """Print what came out of one node, or why it failed."""
    if isinstance(execution.status, Failed):
        _say_failure(execution, execution.status)
    elif execution.succeeded:
        _say_outputs(execution, root)


def _say_outputs(execution: Execution, root: Root) -> None:
    for name, found in execution.outputs.items():
        for artifact in found:
            preview = preview_of(artifact.path, root)
            if preview and preview.get("summary"):
                click.echo(f"  {execution.node}.{name}: {preview['summary']}")
            if preview and artifact.type == "ModelEvaluation":
                _say_metrics(cast("dict[str, Any]", preview["content"]))


def _say_metrics(content: dict[str, Any]) -> None:
    """Print the metrics by slice, each beside that of a guess that knows the labels' shares and nothing else."""
    names = list(content["metrics"])
    shown = content["slices"][:SLICES]
    lines = [["slice (model / guess)", "rows", *names]]
    for one in shown:
        metrics = [f"{_number(one['model'].get(name))} / {_number((one['guess'] or {}).get(name))}" for name in names]
        lines.append([one["slice"], f"{one['rows']:,}", *metrics])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        parts = [part.rjust(width) for part, width in zip(line[1:], widths[1:], strict=True)]
        click.echo("  ".join(["    " + line[0].ljust(widths[0]), *parts]))
    if content["slices_in_all"] > len(shown):
        click.echo(f"    … {len(shown)} of {content['slices_in_all']} slices; all of them: report.md of the evaluation")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _say_failure(execution: Execution, failed: Failed) -> None:
    """Print a failure: the user's own line first."""
    reason = reason_of(execution)
    click.echo(f"{execution.node} failed: {reason}", err=True)
    if failed.frame and failed.frame not in reason:
        click.echo(f"  at {failed.frame}", err=True)
    if failed.log:
        click.echo(f"  log: {failed.log}   (headrace logs {execution.run[:20]} {execution.node})", err=True)


def _say_end(finished: Finished, code: ExitCode) -> None:
    run = finished.run
    states = [state_of(execution) for execution in finished.executions.values()]
    counts = ", ".join(f"{states.count(state)} {state.lower()}" for state in dict.fromkeys(states))
    took = f" in {short_time(run.ended - run.started)}" if run.ended else ""
    click.echo(f"run {run.id}: {run.state}{took} ({counts})")
    if code == ExitCode.OK:
        click.echo("what made it: headrace lineage @latest    why a node ran: headrace why NODE")
    elif code == ExitCode.GATE:
        reasons = [f"{e.node}: {reason_of(e)}" for e in finished.executions.values() if state_of(e) in ("BLOCKED",)]
        click.echo(f"stopped by a gate ({'; '.join(reasons) or 'the model is not blessed'})", err=True)
    else:
        here = f"headrace run --resume {run.id}"
        click.echo(f"to go on: {'retry it in Kubeflow' if run.orchestrator == 'kubeflow' else here}", err=True)
