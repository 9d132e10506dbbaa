"""Finds where examples do not fit their schema, or moved too far from the span before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2

from components.validator.against_baseline import Moved, beyond_limits, compare_features, compare_rows
from components.validator.against_schema import compare, findings_of, write
from components.validator.findings import Finding, count_of, in_order, verdict_of
from components.validator.limits import limits_of
from components.validator.report import write_report
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.preview import write_preview
from headrace.artifacts.schema import Schema
from headrace.artifacts.schema_text import read_schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.errors import ConfigError


def find_anomalies(
    statistics: ExampleStatistics,
    schema: Schema,
    baseline: ExampleStatistics | None,
    drift: Mapping[str, Mapping[str, float]],
    on_drift: Literal["block", "warn"],
    min_rows_ratio: float,
    max_rows_ratio: float,
    schema_environment: str | None,
    exclude_splits: Sequence[str],
    anomalies: ExampleAnomalies,
) -> None:
    """Compare every split with the schema and with the same split of the baseline."""
    expected = read_schema(schema.file)
    _check_environment(schema_environment, expected)
    limits = limits_of(drift, expected)
    _check_ratios(min_rows_ratio, max_rows_ratio)
    splits = [split for split in statistics.split_names if split not in exclude_splits]
    findings, moved = list[Finding](), list[Moved]()
    for split in splits:
        found = read_statistics(statistics.split_file(split))
        compared = compare(found, expected, schema_environment)
        write(compared, anomalies.split_file(split))
        findings += findings_of(compared, split)
        if baseline is not None and split in baseline.split_names:
            before, after = read_statistics(baseline.split_file(split)).datasets[0], found.datasets[0]
            here = {one.feature: one for one in compare_features(before, after, split)}
            moved += here.values()
            findings += compare_rows(before, after, split, (min_rows_ratio, max_rows_ratio))
            findings += beyond_limits(here, limits, split, on_drift)
    _conclude(anomalies, statistics.span, splits, in_order(findings), moved, _unchecked(baseline, splits))


def read_statistics(file: Path) -> statistics_pb2.DatasetFeatureStatisticsList:
    return statistics_pb2.DatasetFeatureStatisticsList.FromString(file.read_bytes())


def _check_environment(name: str | None, schema: schema_pb2.Schema) -> None:
    if name is not None and name not in schema.default_environment:
        raise ConfigError(
            found=f"schema_environment={name!r}",
            expected=f"one of the schema's default_environment: {list(schema.default_environment)}",
            do="Correct the name, or add it to the schema",
        )


def _check_ratios(least: float, most: float) -> None:
    if not 0 <= least <= most:
        raise ConfigError(
            found=f"min_rows_ratio={least}, max_rows_ratio={most}",
            expected="numbers from 0 on, the first not above the second",
            do="Correct them",
        )


def _unchecked(baseline: ExampleStatistics | None, splits: Sequence[str]) -> list[str]:
    if baseline is None:
        return ["Drift and the number of rows: there are no statistics of an earlier span."]
    return [
        f"Drift and the number of rows of {split}: span {baseline.span} has no such split."
        for split in splits
        if split not in baseline.split_names
    ]


def _conclude(
    anomalies: ExampleAnomalies,
    span: int,
    splits: list[str],
    findings: Sequence[Finding],
    moved: Sequence[Moved],
    unchecked: list[str],
) -> None:
    """Leave the facts for the publisher, the report for people and the preview for pages."""
    blocking, warnings = count_of(findings, "block"), count_of(findings, "warn")
    verdict = verdict_of(blocking, warnings)
    anomalies.span, anomalies.split_names = span, splits
    anomalies.blocking, anomalies.warnings, anomalies.unchecked = blocking, warnings, unchecked
    anomalies.report_file.write_text(write_report(span, verdict, findings, moved, unchecked), encoding="utf-8")
    content = {
        "verdict": verdict,
        "findings": [asdict(finding) for finding in findings],
        "drift": [{**asdict(one), "distances": {m: round(d, 6) for m, d in one.distances.items()}} for one in moved],
        "unchecked": unchecked,
    }
    first = f": {findings[0].feature or findings[0].split}: {findings[0].what}" if findings else ""
    write_preview(anomalies, f"span {span}: {verdict}, {blocking} blocking, {warnings} warnings{first}", content)
