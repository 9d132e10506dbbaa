"""Pages for Kubeflow: whole, offline, and safe whatever a preview holds."""

from typing import Any

from headrace.kubeflow.pages import page_of

EVIL = '<script>alert("x")</script>'


def preview(type_id: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "type": type_id, "summary": EVIL, "content": content}


STATISTICS = preview(
    "ExampleStatistics",
    {
        "splits": {
            "train": {
                "rows": 4,
                "features": [
                    {"name": EVIL, "type": "STRING", "count": 3, "missing": 1, "unique": 2,
                     "top": [{"value": EVIL, "count": 2}, {"value": "b", "count": 1}]},
                    {"name": "n", "type": "INT", "count": 4, "missing": 0, "min": 1.0, "max": 2.0, "mean": None,
                     "histogram": [[1.0, 1.5, 1.0], [1.5, 2.0, 3.0]]},
                    {"name": "empty", "type": "STRING", "count": 0, "missing": 0, "unique": 0, "top": []},
                ],
            }
        }
    },
)  # fmt: skip
ANOMALIES = preview(
    "ExampleAnomalies",
    {
        "verdict": "block",
        "findings": [{"severity": "block", "split": "train", "feature": EVIL, "what": "missing", "detail": EVIL}],
        "drift": [{"split": "train", "feature": "n", "distances": {"jensen_shannon": 0.25}}],
    },
)
EVALUATION = preview(
    "ModelEvaluation",
    {
        "metrics": {"accuracy": {}},
        "slices": [{"slice": EVIL, "rows": 7, "model": {"accuracy": 0.5}, "guess": None}],
        "checks": [{"slice": "overall", "metric": "accuracy", "rule": "at least 0.8", "value": 0.5, "verdict": "fail"}],
        "refusals": [EVIL],
    },
)


def test_nothing_of_a_preview_is_taken_as_html_and_nothing_is_loaded() -> None:
    for one in (STATISTICS, ANOMALIES, EVALUATION):
        page = page_of(one)
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "http" not in page


def test_statistics_show_missing_values_ranges_and_bars() -> None:
    page = page_of(STATISTICS)
    assert "25.0%" in page
    assert "1 to 2, mean -" in page
    assert page.count("<svg") == 2


def test_anomalies_show_the_verdict_the_findings_and_the_drift() -> None:
    page = page_of(ANOMALIES)
    assert '<span class="bad">block</span>' in page
    assert "jensen_shannon 0.2500" in page


def test_an_evaluation_shows_the_model_beside_a_guess() -> None:
    page = page_of(EVALUATION)
    assert "Not blessed" in page
    assert "<td>0.5 / -</td>" in page
