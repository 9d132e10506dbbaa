"""Prints the lineage of features."""

from collections.abc import Mapping

import click

from headrace.cli.output import print_json, print_rows
from headrace.errors import UsageError
from headrace.lineage.features import FeatureTrace, feature_lineage, trace_of
from headrace.lineage.records_json import plain, record_json
from headrace.lineage.snapshot import Snapshot

COLUMNS = ("from", "analyzers", "feature", "type", "model")
OUTPUTS = ("tree", "table", "json", "ndjson")
WALKING = ("up", "down", "both", "depth", "until", "within_run", "cached", "collapse", "most")
"""What says how far a walk goes, or how a figure draws it."""
_IS_INPUT = {True: "input", False: "not an input", None: ""}


def check_features(output: str, options: Mapping[str, object]) -> None:
    """Refuse outputs and options that say nothing of features. Raises UsageError."""
    if output not in OUTPUTS:
        raise UsageError(
            found=f"features with -o {output}",
            expected="-o table, json or ndjson; figures and events show artifacts",
            do=f"Leave --features out, or -o {output}",
        )
    walking = [name for name in WALKING if options[name] not in (None, False, "")]
    if walking:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in walking)
        raise UsageError(
            found=f"features with {names}",
            expected="one of them: features are traced from the raw columns to the model",
            do="Leave one out",
        )


def print_features(snapshot: Snapshot, artifact: int, name: str, output: str) -> None:
    """Print all features, or one, from raw columns to the model."""
    lineage = feature_lineage(snapshot, artifact)
    traces = trace_of(lineage, name) if name else lineage.features
    if output == "json":
        print_json({**record_json("features", lineage), "features": plain(traces)})
        return
    rows = [_row(trace) for trace in traces]
    print_rows(rows, COLUMNS, "ndjson" if output == "ndjson" else "table")
    click.echo(f"from the TransformGraph artifact:{lineage.graph}", err=True)
    if lineage.unused and not name:
        click.echo(f"unused columns: {', '.join(lineage.unused)}", err=True)


def _row(trace: FeatureTrace) -> dict[str, object]:
    return {
        "from": ", ".join(trace.columns),
        "analyzers": ", ".join(analyzer.name for analyzer in trace.analyzers),
        "feature": trace.feature,
        "type": trace.type,
        "model": _IS_INPUT[trace.is_input],
    }
