"""The report of an evaluation for people: Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MARKS = {"pass": "pass", "fail": "**FAIL**", "no data": "no data"}


def report_of(content: Mapping[str, Any]) -> str:
    """Lay out the verdict, the thresholds and the metrics by slice."""
    return "\n".join(
        [
            "# Evaluation",
            "",
            f"{'Not blessed' if content['refusals'] else 'Blessed'}. {_rows(content)}",
            "",
            *(f"- {reason}" for reason in content["refusals"]),
            "",
            "## Thresholds",
            "",
            *_table(["slice", "metric", "rule", "found", "verdict", "why"], map(_check, content["checks"])),
            "",
            "## Metrics by slice",
            "",
            "Of the model; in brackets of the baseline model, where there is one; after the bar of a constant guess.",
            "",
            *_table(
                ["slice", "rows", *content["metrics"]],
                (_slice(found, content["metrics"]) for found in content["slices"]),
            ),
            "",
            "## Definitions",
            "",
            "y is the label, p the prediction.",
            "",
            *(f"- {name} ({what['better']} is better): {what['is']}" for name, what in content["metrics"].items()),
            "",
        ]
    )


def _rows(content: Mapping[str, Any]) -> str:
    measured = f"{content['rows']} rows of {', '.join(content['splits'])}"
    how = f"through {content['signature']!r} as {content['fed']}"
    left_out = (
        f"{content['rows_without_label']} without a label, {content['rows_not_finite']} without a finite prediction"
    )
    return f"{measured} {how}; left out: {left_out}."


def _check(check: Mapping[str, Any]) -> list[str]:
    interval = "" if check["low"] is None else f" [{_number(check['low'])}, {_number(check['high'])}]"
    found = _number(check["value"]) + interval
    return [check["slice"], check["metric"], check["rule"], found, MARKS[check["verdict"]], check["reason"]]


def _slice(found: Mapping[str, Any], metrics: Iterable[str]) -> list[str]:
    baseline = found["baseline"] or {}
    return [
        found["slice"],
        str(found["rows"]),
        *(
            _number(found["model"][name])
            + (f" ({_number(baseline[name])})" if name in baseline else "")
            + f" / {_number(found['guess'][name])}"
            for name in metrics
        ),
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]
