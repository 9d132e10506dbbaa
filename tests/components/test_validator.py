"""Validator: a gate that months pass when they are like the schema and like the month before."""

import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2

from components.validator.against_schema import findings_of
from components.validator.findings import verdict_of
from headrace.artifacts.preview import read_preview
from headrace.artifacts.schema import Schema
from headrace.artifacts.schema_text import read_schema, write_schema
from headrace.errors import ConfigError, DataError
from tests.components.months import FEBRUARY, JANUARY, KM, ROWS, Month, folder, judge, schema_of

NEW_CARRIERS = ("AA", "DL", "UA", "ZZ")
LIMITS = {"distance": {"jensen_shannon": 0.02}, "carrier": {"infinity_norm": 0.05}}


def changed(change: str) -> Schema:
    """Merge some text into January's schema."""
    schema = read_schema(schema_of(JANUARY).file)
    addition = text_format.Parse(change, schema_pb2.Schema())
    for feature in addition.feature:
        next(f for f in schema.feature if f.name == feature.name).MergeFrom(feature)
    del addition.feature[:]
    schema.MergeFrom(addition)
    made = Schema(folder("schema"))
    write_schema(schema, made.file)
    return made


def test_passes_a_month_like_the_one_before() -> None:
    judged = judge(FEBRUARY, JANUARY, drift=LIMITS)
    assert (judged.verdict, judged.anomalies.blocking, judged.anomalies.unchecked) == ("pass", 0, [])
    assert "# Data of span 2: pass" in judged.report
    assert "| train | carrier |" in judged.report


@pytest.mark.parametrize(
    ("month", "feature", "what"),
    [
        pytest.param(Month(3, rows=ROWS * 2 // 3, unit=KM), "distance", "drift", id="wrong unit"),
        pytest.param(
            Month(3, rows=ROWS * 2 // 3, carriers=NEW_CARRIERS),
            "carrier",
            "Unexpected string values",
            id="unseen carrier",
        ),
        pytest.param(Month(3, rows=ROWS // 3), "", "too few rows", id="half the rows"),
    ],
)
def test_blocks_a_poisoned_month(month: Month, feature: str, what: str) -> None:
    judged = judge(month, FEBRUARY, drift=LIMITS)
    preview = read_preview(judged.anomalies.preview_file)
    assert preview is not None
    findings = {(f["feature"], f["what"]) for f in preview["content"]["findings"]}  # type: ignore[index]  # JSON
    assert judged.verdict == "block"
    assert (feature, what) in findings
    assert f"| block | train | {feature or '(all rows)'} | {what} |" in judged.report


def test_blocks_a_unit_that_leaves_the_range_of_the_schema() -> None:
    schema = changed('feature { name: "distance" float_domain { min: 0 max: 4000 } }')
    judged = judge(Month(3, rows=ROWS * 2 // 3, unit=KM), schema=schema)
    assert judged.verdict == "block"
    assert "| block | train | distance | Out-of-range values |" in judged.report


def test_records_what_it_cannot_check_without_an_earlier_span() -> None:
    judged = judge(JANUARY, drift=LIMITS)
    assert judged.verdict == "pass"
    assert judged.anomalies.unchecked == ["Drift and the number of rows: there are no statistics of an earlier span."]
    assert "## Not checked" in judged.report


def test_reads_the_drift_comparators_of_the_schema() -> None:
    schema = changed('feature { name: "carrier" drift_comparator { infinity_norm { threshold: 0.0001 } } }')
    assert "| carrier | drift | infinity_norm from the span before is" in judge(FEBRUARY, JANUARY, schema=schema).report
    wider = judge(FEBRUARY, JANUARY, schema=schema, drift={"carrier": {"infinity_norm": 0.5}})
    assert wider.verdict == "pass"


def test_refuses_the_infinity_norm_of_a_number() -> None:
    with pytest.raises(ConfigError, match=r"'infinity_norm': \.\.\..*, and hour is a number; expected one of jensen"):
        judge(FEBRUARY, JANUARY, drift={"hour": {"infinity_norm": 0.1}})
    schema = changed('feature { name: "hour" drift_comparator { infinity_norm { threshold: 0.1 } } }')
    with pytest.raises(DataError, match="infinity_norm of 'hour', which is a number"):
        judge(FEBRUARY, JANUARY, schema=schema)


@pytest.mark.parametrize("drift", [{"carier": {"infinity_norm": 0.1}}, {"carrier": {"wasserstein": 0.1}}])
def test_refuses_limits_that_measure_nothing(drift: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ConfigError, match="drift="):
        judge(FEBRUARY, JANUARY, drift=drift)


def test_reads_the_number_of_rows_that_the_schema_wants() -> None:
    schema = changed("dataset_constraints { min_examples_count: 1000000 }")
    judged = judge(JANUARY, schema=schema)
    assert judged.verdict == "block"
    assert "| block | train | (all rows) |" in judged.report


def test_leaves_out_what_an_environment_does_not_have() -> None:
    schema = changed(
        'default_environment: "TRAINING" default_environment: "SERVING" '
        'feature { name: "hour" not_in_environment: "SERVING" presence { min_fraction: 1 } }'
    )
    assert judge(JANUARY, schema=schema, environment="TRAINING").verdict == "pass"
    assert "hour" in judge(JANUARY, schema=schema, environment="SERVING").report
    with pytest.raises(ConfigError, match="schema_environment='TEST'"):
        judge(JANUARY, schema=schema, environment="TEST")


def test_an_anomaly_file_is_what_tfdv_reads() -> None:
    judged = judge(Month(3, rows=ROWS * 2 // 3, carriers=NEW_CARRIERS))
    found = anomalies_pb2.Anomalies.FromString(judged.anomalies.split_file("train").read_bytes())
    assert [*found.anomaly_info] == ["carrier"]


def test_a_dataset_without_rows_blocks_though_no_feature_is_wrong() -> None:
    import tensorflow_data_validation as tfdv

    nothing = statistics_pb2.DatasetFeatureStatisticsList()
    nothing.datasets.add(num_examples=0)
    anomalies = tfdv.validate_statistics(nothing, read_schema(schema_of(JANUARY).file))
    assert not anomalies.anomaly_info
    assert [(f.severity, f.what) for f in findings_of(anomalies, "train")] == [("block", "no data")]


@pytest.mark.parametrize(("blocking", "warnings", "verdict"), [(0, 0, "pass"), (0, 1, "warn"), (1, 1, "block")])
def test_the_verdict_is_that_of_the_worst_finding(blocking: int, warnings: int, verdict: str) -> None:
    assert verdict_of(blocking, warnings) == verdict


def test_refuses_ratios_that_nothing_can_have() -> None:
    with pytest.raises(ConfigError, match=r"min_rows_ratio=2, max_rows_ratio=1\.7"):
        judge(JANUARY, min_rows_ratio=2)
