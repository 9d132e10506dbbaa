from typing import Any

import pytest

from headrace.compare.comparison import Comparison, compare_artifacts, compare_runs
from headrace.compare.contents import Measured, Of
from headrace.compare.data import DataChange
from headrace.compare.fail_on import limits_of, past_limits
from headrace.compare.markdown import markdown_of
from headrace.compare.metrics import MetricChange, diff_metrics
from headrace.compare.schemas import diff_schemas
from headrace.compare.sections import sections_of
from headrace.compare.statistics import diff_statistics
from headrace.errors import UsageError
from headrace.lineage.run_diff import PartChange
from tests.compare.test_statistics import statistics, words
from tests.lineage.conftest import History, history

__all__ = ["history"]

SCHEMA: dict[str, Any] = {
    "features": [{"name": "a", "type": "INT", "domain": {"min": 0}}, {"name": "b", "type": "BYTES"}]
}
METRICS = {"auc": {"better": "higher"}, "loss": {"better": "lower"}}
PARTS = ("statistics", "schema", "metrics", "parameters", "code", "environment")
MEASURED = [Measured(part=part, count=1) for part in PARTS]


def evaluation(**slices: dict[str, float]) -> dict[str, Any]:
    return {"metrics": METRICS, "slices": [{"slice": name, "model": values} for name, values in slices.items()]}


def comparison(**fields: Any) -> Comparison:
    empty: dict[str, Any] = dict.fromkeys(
        (
            "nodes",
            "parameters",
            "code",
            "environment",
            "properties",
            "data",
            "statistics",
            "schema",
            "metrics",
            "unread",
        ),
        (),
    )
    sides = {"kind": "runs", "first": "1", "second": "2", "commits": ((), ()), "measured": MEASURED, "slices": {}}
    return Comparison(**{**empty, **sides, **fields})


OF = Of(node="N", output="o", before=1, after=2)
WORSE = comparison(
    metrics=[
        (
            OF,
            diff_metrics(
                evaluation(**{"overall": {"auc": 0.9, "loss": 1.0}, "carrier=F9": {"auc": 0.8}}),
                evaluation(**{"overall": {"auc": 0.88, "loss": 1.2}, "carrier=F9": {"auc": 0.7}}),
            ),
        )
    ],
    statistics=[(OF, diff_statistics(statistics(words(a=50, b=50)), statistics(words(a=80, b=20))))],
    schema=[(OF, diff_schemas(SCHEMA, {"features": []}))],
    data=[
        DataChange(
            node="N", type="Examples", before=1, after=2, changes=[PartChange(part="span", before="1", after="2")]
        )
    ],
    slices={"overall": ["auc", "loss"], "west": ["auc"], "carrier=F9": ["auc"]},
)


def test_schemas_differ_by_feature() -> None:
    other: dict[str, Any] = {
        "features": [{"name": "a", "type": "INT", "domain": {"min": 1}}, {"name": "c", "type": "INT"}]
    }
    assert [(c.feature, c.what, c.before, c.after) for c in diff_schemas(SCHEMA, other)] == [
        ("a", "domain", '{"min": 0}', '{"min": 1}'),
        ("c", "feature", "", "INT"),
        ("b", "feature", "BYTES", ""),
    ]


def test_metrics_differ_by_slice_with_the_whole_first() -> None:
    before = evaluation(overall={"auc": 0.9, "loss": 1.0}, west={"auc": 0.8}, east={"auc": 0.7})
    after = evaluation(overall={"auc": 0.9, "loss": 0.5}, west={"auc": 0.85})
    found = [(c.slice, c.metric, c.before, c.after, c.gain) for c in diff_metrics(before, after)]
    assert found == [
        ("overall", "loss", 1.0, 0.5, 0.5),
        ("east", "auc", 0.7, None, None),
        ("west", "auc", 0.8, 0.85, pytest.approx(0.05)),
    ]


@pytest.mark.parametrize(
    ("limits", "past"),
    [
        ("drift=0.1", ["N.o train w: drift 0.300 > 0.1"]),
        ("drift=0.3", []),
        ("metric.auc=-0.01", ["overall auc: 0.9 -> 0.88, past -0.01"]),
        ("metric.auc=-0.05", []),
        ("metric.loss=0.1", ["overall loss: 1 -> 1.2, past +0.1"]),
        ("metric.auc@west=0", []),
        ("metric.auc@carrier=F9=-0.01", ["carrier=F9 auc: 0.8 -> 0.7, past -0.01"]),
        ("metric.loss=0", ["overall loss: 1 -> 1.2, past +0"]),
        ("schema,code", ["schema: 1 difference"]),
    ],
)
def test_what_is_past_a_limit_is_said(limits: str, past: list[str]) -> None:
    assert past_limits(WORSE, limits_of(limits)) == past


@pytest.mark.parametrize("text", ["", ",", "drift", "drift=far", "drift=nan", "auc=-0.01", "metric.auc", "schema=1"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--fail-on"):
        limits_of(text)


@pytest.mark.parametrize(
    ("before", "after", "limit", "is_past"),
    [
        (0.9795, 0.9443, "0.1", False),
        (0.9795, 0.9443, "0.03", True),
        (1.02, 1.08, "0.03", True),
        (1.1, 0.95, "0", False),
    ],
)
def test_of_a_metric_that_is_better_near_one_the_distance_counts(
    before: float, after: float, limit: str, is_past: bool
) -> None:
    change = MetricChange(slice="overall", metric="calibration", before=before, after=after, better="near 1")
    there = comparison(metrics=[(OF, [change])], slices={"overall": ["calibration"]})
    assert bool(past_limits(there, limits_of(f"metric.calibration={limit}"))) == is_past


@pytest.mark.parametrize(("limit", "right"), [("metric.auc=0.01", "-0.01"), ("metric.loss=-0.1", "0.1")])
def test_a_sign_that_asks_for_the_better_is_refused_with_the_right_one(limit: str, right: str) -> None:
    with pytest.raises(UsageError, match=f"Write {limit.partition('=')[0]}={right}"):
        past_limits(WORSE, limits_of(limit))


def test_a_lost_metric_is_past_every_limit() -> None:
    gone = MetricChange(slice="overall", metric="auc", before=0.9, after=None, better="higher")
    there = comparison(metrics=[(OF, [gone])], slices={"overall": ["auc"]})
    assert past_limits(there, limits_of("metric.auc=-1")) == ["overall auc: 0.9 -> none, past -1"]


@pytest.mark.parametrize("limit", ["drift=0.1", "missing=0.1", "metric.auc=-1", "schema", "parameters", "code"])
def test_a_limit_by_which_nothing_was_measured_is_past(limit: str) -> None:
    nothing = comparison(measured=[Measured(part=part, count=0) for part in PARTS])
    (line,) = past_limits(nothing, limits_of(limit))
    assert line.startswith(f"{limit.partition('=')[0]}: nothing was compared")


def test_what_could_not_be_read_is_past_its_limit() -> None:
    some = comparison(measured=[Measured(part="statistics", count=1, unread=[7, 9])])
    assert past_limits(some, limits_of("drift=0.1")) == [
        "drift: artifact:7, artifact:9 cannot be read, nothing of it was compared"
    ]


def test_a_slice_that_nothing_has_is_past_its_limit_with_the_closest() -> None:
    assert past_limits(WORSE, limits_of("metric.auc@wst=0")) == [
        "metric.auc@wst: nothing was compared, no slice 'wst' has it; try 'west'"
    ]


def test_a_metric_that_nothing_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no metric 'acu'; expected one of auc, loss. Try metric.auc"):
        past_limits(WORSE, limits_of("metric.acu=-0.01"))


def test_a_feature_that_one_side_lacks_has_no_drift_that_passes() -> None:
    found = comparison(statistics=[(OF, diff_statistics(statistics(words(a=1)), statistics()))])
    assert past_limits(found, limits_of("drift=0.9,missing=0.5")) == [
        "N.o train w: no drift, only one side has values",
        "N.o train w: missing 1.000 > 0.5",
    ]


def test_markdown_is_tables_of_what_differs() -> None:
    text = markdown_of(WORSE, ["a|b"])
    assert "- a\\|b" in text
    assert "#### metrics of N.o" in text
    assert "| overall | auc | 0.9 | 0.88 | -0.02 | worse |" in text
    assert markdown_of(comparison(), []).endswith("Nothing differs.\n")


def test_two_runs_differ_in_parameters_and_nodes(history: History) -> None:
    found = compare_runs(history.snapshot(), history.first, history.longer)
    assert [(p.node, p.name, p.before, p.after) for p in found.parameters] == [
        ("Source", "texts", '["a", "b"]', '["a", "b", "c"]')
    ]
    assert {node.node for node in found.nodes} == {"Source", "Judge", "Train", "Bless"}
    assert (found.code, found.environment, found.unread) == ([], [], [])


def test_a_run_beside_itself_does_not_differ(history: History) -> None:
    found = compare_runs(history.snapshot(), history.first, history.first)
    assert (found.nodes, found.parameters, found.code) == ([], [], [])


def test_two_artifacts_differ_in_what_determined_them(history: History) -> None:
    snapshot = history.snapshot()
    models = [snapshot.artifact(history.artifact(run, "Train", "model")) for run in (history.first, history.longer)]
    assert models[0] is not None
    assert models[1] is not None
    found = compare_artifacts(snapshot, models[0], models[1])
    assert [(p.node, p.name) for p in found.parameters] == [("Source", "texts")]
    assert {"digest", "quality"} <= {change.part for change in found.properties}


def test_a_feature_whose_figures_are_equal_names_what_differs() -> None:
    before, after = (statistics({**words(a=n, b=n), "count": 2 * n}) for n in (50, 40))
    found = comparison(statistics=[(OF, diff_statistics(before, after))])
    (section,) = sections_of(found)
    assert section.rows[0][-1] == "differ in count, top"
    (shown,) = sections_of(comparison(statistics=WORSE.statistics))
    assert "differ in" not in shown.rows[0][-1]
