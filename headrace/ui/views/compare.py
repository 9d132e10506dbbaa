"""Two runs or two artifacts beside each other: what differs."""

from pathlib import Path

from headrace.errors import ConfigError
from headrace.lineage.lists import Row
from headrace.lineage.records_json import record_json
from headrace.lineage.reference import Found
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Run, StoredArtifact
from headrace.ui.views.named import named


def compare_view(snapshot: Snapshot, first: str, second: str, here: Path) -> Row:
    """Compare what two references name. Raises ConfigError, UnknownReference."""
    if not first or not second:
        raise ConfigError(found="one reference", expected="a and b", do="Name both")
    one, other = (named(each, snapshot, here) for each in (first, second))
    return record_json("comparison", _compared(snapshot, one, other))


def _compared(snapshot: Snapshot, one: Found, other: Found) -> object:
    from headrace.compare.comparison import (  # noqa: PLC0415  numpy is loaded where something is compared
        compare_artifacts,
        compare_runs,
    )

    match one, other:
        case Run(), Run():
            return compare_runs(snapshot, one, other)
        case StoredArtifact(), StoredArtifact():
            return compare_artifacts(snapshot, one, other)
    raise ConfigError(
        found="two things of different kinds", expected="two runs, or two artifacts", do="Name two of a kind"
    )
