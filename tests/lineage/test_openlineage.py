"""Events are read into the classes that OpenLineage's own client generates from the published JSON schemas."""

import json
import pkgutil
import types
import typing
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
from openlineage.client import generated
from openlineage.client.generated import base

from headrace.lineage import openlineage_facets as facets
from headrace.lineage.load import load
from headrace.lineage.openlineage import events_of
from headrace.spec.records import Json
from tests.lineage.conftest import History
from tests.lineage.test_features import GRAPH, trained

SPECIFIED = {
    found._get_schema(): found
    for module in pkgutil.iter_modules(generated.__path__)
    for found in vars(import_module(f"{generated.__name__}.{module.name}")).values()
    if attrs.has(found) and hasattr(found, "_get_schema")
}
OPEN = {"additionalProperties", "_producer", "_schemaURL"}
STATISTICS: dict[str, Any] = {
    "splits": {
        "train": {
            "rows": 10,
            "features": [{"name": "a", "count": 9, "missing": 1, "min": 0.0, "max": 3.0, "unique": 4}],
        },
        "eval": {"rows": 5, "features": [{"name": "a", "count": 5, "missing": 0, "min": -1.0, "max": 2.0}]},
    }
}
FINDINGS: dict[str, Any] = {
    "findings": [{"severity": "block", "split": "train", "feature": "a", "what": "gone", "detail": "d"}]
}


def check(value: Json, kind: Any, where: str) -> None:
    """Hold a value against a type of the specification; raises AssertionError."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return
    if origin in (typing.Union, types.UnionType):
        assert any(fits(value, each) for each in arguments), f"{where}: {value!r} is none of {arguments}"
    elif origin is list:
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            check(each, arguments[0], f"{where}[{number}]")
    elif origin is dict:
        assert isinstance(value, dict), where
        for name, each in value.items():
            check(each, arguments[1], f"{where}.{name}")
    elif attrs.has(kind):
        check_record(value, kind, where)
    elif isinstance(kind, type) and issubclass(kind, str):
        assert isinstance(kind(value), str), where
    elif kind in (int, float, bool):
        assert isinstance(value, (int, float) if kind is float else kind), f"{where}: {value!r} is no {kind}"


def fits(value: Json, kind: Any) -> bool:
    try:
        check(value, kind, "")
    except (AssertionError, ValueError):
        return False
    return value is None if kind is type(None) else True


def check_record(value: Json, kind: Any, where: str) -> None:
    assert isinstance(value, dict), where
    known = {field.alias or field.name: field for field in attrs.fields(attrs.resolve_types(kind))}
    is_facet = issubclass(kind, base.BaseFacet)
    if "_schemaURL" in value and value["_schemaURL"] in SPECIFIED and SPECIFIED[value["_schemaURL"]] is not kind:
        return check_record(value, SPECIFIED[value["_schemaURL"]], where)
    for name, field in known.items():
        is_required = field.default is attrs.NOTHING and field.init and not name.startswith("_")
        assert not is_required or name in value, f"{where} lacks {name}"
        if name in value and value[name] is not None:
            check(value[name], field.type, f"{where}.{name}")
    extra = value.keys() - known.keys() - OPEN
    assert is_facet or not extra, f"{where} has {extra}"
    return None


def validated(event: dict[str, Json]) -> dict[str, Any]:
    """Hold an event, and every facet in it, against the specification."""
    told: dict[str, Any] = json.loads(json.dumps(event))
    check_record(told, base.RunEvent, "event")
    UUID(told["run"]["runId"])
    for facet in facets_in(told):
        assert facet["_producer"] == facets.PRODUCER
        if not facet["_schemaURL"].startswith("urn:headrace:"):
            check_record(facet, SPECIFIED[facet["_schemaURL"]], facet["_schemaURL"])
    return told


def facets_in(value: Any) -> list[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [value] if isinstance(value, dict) and "_schemaURL" in value else []
    return [*own, *(facet for each in inner for facet in facets_in(each))]


def test_every_event_fits_the_specification(history: History) -> None:
    snapshot = history.snapshot()
    events = [validated(event) for event in events_of(snapshot, list(snapshot.by_execution))]
    assert len(events) == 2 * len(snapshot.by_execution)
    assert [event["eventTime"] for event in events] == sorted(event["eventTime"] for event in events)
    assert {event["eventType"] for event in events} == {"START", "COMPLETE", "FAIL"}


def test_a_node_is_a_job_and_an_output_a_dataset(history: History) -> None:
    snapshot = history.snapshot()
    train = history.execution(history.first, "Train").id
    start, end = [validated(event) for event in events_of(snapshot, [train])]
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert end["job"]["name"] == "test.Train"
    assert [dataset["name"] for dataset in end["inputs"]] == ["test.Source.rows"]
    model = next(dataset for dataset in end["outputs"] if dataset["name"] == "test.Train.model")
    record = snapshot.artifact(history.artifact(history.first, "Train", "model"))
    assert record
    assert model["facets"]["version"]["datasetVersion"] == record.record.digest
    assert end["run"]["facets"]["parent"]["job"]["name"] == "test"


def test_a_failure_has_its_error(history: History) -> None:
    snapshot = history.snapshot()
    broken = history.execution(history.broken, "Misbehaving").id
    *_, end = [validated(event) for event in events_of(snapshot, [broken])]
    assert end["eventType"] == "FAIL"
    assert end["run"]["facets"]["errorMessage"]["programmingLanguage"] == "python"


def test_source_that_is_at_hand_is_told(history: History) -> None:
    snapshot = history.snapshot()
    train = history.execution(history.first, "Train").id
    start, end = [validated(e) for e in events_of(snapshot, [train], lambda module, digest: f"{module} {digest[:3]}")]
    assert start["job"]["facets"]["sourceCode"]["sourceCode"].startswith("# tests.parts\ntests.parts ")
    assert "sourceCode" not in end["job"]["facets"]


def test_columns_come_from_the_transform_graph(tmp_path: Path) -> None:
    catalogue, _ = trained(tmp_path)
    snapshot = load(catalogue)
    events = [validated(event) for event in events_of(snapshot, list(snapshot.by_execution))]
    schema = events[1]["outputs"][0]["facets"]["schema"]
    assert [field["name"] for field in schema["fields"]] == ["age_z", "label"]
    lineage = facets.column_lineage_facet(GRAPH, "headrace", "p.Gen.examples")  # type: ignore[arg-type]  # plain data
    check_record(lineage, SPECIFIED[str(lineage["_schemaURL"])], "columnLineage")
    age: Any = lineage["fields"]["age_z"]["inputFields"][0]  # type: ignore[index, call-overload]  # plain data
    assert (age["name"], age["field"]) == ("p.Gen.examples", "age")
    assert [t["type"] for t in age["transformations"]] == ["DIRECT", "INDIRECT"]


def test_statistics_of_splits_are_put_together() -> None:
    told: Any = facets.metrics_facet(STATISTICS)
    check_record(told, SPECIFIED[told["_schemaURL"]], "dataQualityMetrics")
    assert told["rowCount"] == 15
    assert told["columnMetrics"]["a"] == {"nullCount": 1, "count": 14.0, "min": -1.0, "max": 3.0}


@pytest.mark.parametrize(("found", "success"), [(FINDINGS, False), ({"findings": []}, True)], ids=["some", "none"])
def test_anomalies_are_assertions(found: dict[str, Any], success: bool) -> None:
    told: Any = facets.assertions_facet(found)
    check_record(told, SPECIFIED[told["_schemaURL"]], "dataQualityAssertions")
    assert [assertion["success"] for assertion in told["assertions"]] == [success]


def test_what_does_not_fit_is_found() -> None:
    with pytest.raises(AssertionError, match="lacks run"):
        check_record({"eventTime": "x", "producer": "p"}, base.RunEvent, "event")
    with pytest.raises(AssertionError, match="no "):
        check({"a": {"nullCount": "many"}}, dict[str, dict[str, int]], "x")
