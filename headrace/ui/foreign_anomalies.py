"""Anomalies that TensorFlow Data Validation wrote, in the form of the Validator's preview.

Anomalies have anomaly_info (2), a map of a name (1) to an AnomalyInfo (2), data_missing (3) and dataset_anomaly_info
(8); an AnomalyInfo has description (2), severity (5), short_description (6) and reasons (7).
"""

from collections.abc import Iterator
from pathlib import Path

from headrace.lineage.lists import Row
from headrace.spec.records import Json
from headrace.ui import wire
from headrace.ui.splits import splits_in

NAMES = ("SchemaDiff.pb", "anomalies.pb")
_ERROR = 2


def anomalies_in(place: Path) -> tuple[str, Row] | None:
    """Read the anomalies of every split."""
    splits = splits_in(place, NAMES)
    if not splits:
        return None
    findings = [row for split, file in splits.items() for row in _findings(split, file.read_bytes())]
    blocking = sum(row["severity"] == "block" for row in findings)
    verdict = "block" if blocking else "warn" if findings else "pass"
    rows: list[Json] = [*findings]
    content: Row = {"verdict": verdict, "findings": rows, "drift": [], "unchecked": []}
    return f"{blocking} errors, {len(findings) - blocking} warnings", content


def _findings(split: str, content: bytes) -> Iterator[Row]:
    held = wire.grouped(content)
    for entry in held.get(2, ()):
        pair = wire.grouped(wire.message(entry))
        yield _finding(split, wire.text(pair.get(1, [b""])[0]), wire.message(pair.get(2, [b""])[0]))
    for each in held.get(8, ()):
        yield _finding(split, "", wire.message(each))
    if wire.whole(held.get(3, [0])[0]):
        yield {
            "severity": "block",
            "split": split,
            "feature": "",
            "what": "no data",
            "detail": "There are no examples.",
        }


def _finding(split: str, feature: str, content: bytes) -> Row:
    held = wire.grouped(content)
    return {
        "severity": "block" if wire.whole(held.get(5, [0])[0]) == _ERROR else "warn",
        "split": split,
        "feature": feature,
        "what": wire.text(held.get(6, [b""])[0]),
        "detail": wire.text(held.get(2, [b""])[0]),
    }
