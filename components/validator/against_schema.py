"""Compares statistics with a schema, by TFDV."""

from collections.abc import Iterator
from pathlib import Path

import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2

from components.validator.findings import Finding, Severity


def compare(
    statistics: statistics_pb2.DatasetFeatureStatisticsList, schema: schema_pb2.Schema, environment: str | None
) -> anomalies_pb2.Anomalies:
    """Find where a split does not fit its schema."""
    return tfdv.validate_statistics(statistics, schema, environment=environment)


def write(anomalies: anomalies_pb2.Anomalies, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(anomalies.SerializeToString(deterministic=True))


def findings_of(anomalies: anomalies_pb2.Anomalies, split: str) -> Iterator[Finding]:
    """Yield all that TFDV says in its three places: of features, of the dataset, and that there is no data."""
    if anomalies.data_missing:
        yield Finding("block", split, "", "no data", "The split has no rows.")
    if anomalies.HasField("dataset_anomaly_info"):
        yield _finding(anomalies.dataset_anomaly_info, split, "")
    for name, info in sorted(anomalies.anomaly_info.items()):
        yield _finding(info, split, ".".join(info.path.step) or name)


def _finding(info: anomalies_pb2.AnomalyInfo, split: str, feature: str) -> Finding:
    """Turn one anomaly into a finding: everything that TFDV does not call a warning blocks."""
    severity: Severity = "warn" if info.severity == anomalies_pb2.AnomalyInfo.WARNING else "block"
    reasons = [(reason.short_description, reason.description) for reason in info.reason]
    what = info.short_description or "; ".join(short for short, _ in reasons)
    detail = info.description or " ".join(long for _, long in reasons)
    return Finding(severity, split, feature, what, " ".join(detail.split()))
