"""Previews of what other programs wrote: statistics, schemas and anomalies, in the form that headrace's own have."""

from collections.abc import Callable, Mapping
from pathlib import Path

from headrace.lineage.lists import Row
from headrace.ui.foreign_anomalies import anomalies_in
from headrace.ui.foreign_schema import schema_in
from headrace.ui.foreign_statistics import statistics_in

VERSION = 1

_READ: Mapping[str, Callable[[Path], tuple[str, Row] | None]] = {
    "ExampleStatistics": statistics_in,
    "Schema": schema_in,
    "ExampleAnomalies": anomalies_in,
}


def foreign_preview(place: Path) -> Row | None:
    """Make a preview of an artifact from its files, which tell what it is; None where they are of another form."""
    for type_id, read in _READ.items():
        try:
            found = read(place)
        except (OSError, ValueError, IndexError):
            continue
        if found:
            return {"version": VERSION, "type": type_id, "summary": found[0], "content": found[1]}
    return None
