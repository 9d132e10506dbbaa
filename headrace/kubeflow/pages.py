"""Pages that Kubeflow shows: statistics, anomalies and evaluations, each one HTML file that loads nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.evaluation import ModelEvaluation
from headrace.artifacts.statistics import ExampleStatistics

STYLE = """
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; max-width: 1100px }
h1 { font-size: 20px; margin: 0 0 4px } h2 { font-size: 16px; margin: 24px 0 8px }
table { border-collapse: collapse } td, th { padding: 3px 14px 3px 0; text-align: left; vertical-align: middle }
th { font-weight: 600; border-bottom: 1px solid #8886 }
svg { display: block } rect { fill: #3b7dd8 } .bad { color: #c0392b; font-weight: 600 } .dim { opacity: .65 }
"""
WIDTH, HEIGHT = 160, 32


def page_of(preview: Mapping[str, Any]) -> str:
    """Lay out a preview; raises KeyError for a type that has no page."""
    body = PAGES[preview["type"]](preview["content"])
    title = escape(preview["type"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f'<h1>{title}</h1><p class="dim">{escape(preview["summary"])}</p>{body}</html>\n'
    )


def _statistics(content: Mapping[str, Any]) -> str:
    return "".join(
        f"<h2>{escape(name)}: {split['rows']:,} rows</h2>"
        + _table(["feature", "type", "missing", "range", ""], map(_feature, split["features"]))
        for name, split in content["splits"].items()
    )


def _feature(feature: Mapping[str, Any]) -> list[str]:
    total = feature["count"] + feature["missing"]
    missing = f"{feature['missing'] / total:.1%}" if total else "-"
    if "top" in feature:
        values = f"{feature['unique']:,} values; most often {feature['top'][0]['value']}" if feature["top"] else "-"
        bars = [float(top["count"]) for top in feature["top"]]
    else:
        values = f"{_number(feature.get('min'))} to {_number(feature.get('max'))}, mean {_number(feature.get('mean'))}"
        bars = [float(count or 0) for _, _, count in feature.get("histogram", [])]
    return [escape(feature["name"]), escape(feature["type"].lower()), missing, escape(values), _bars(bars)]


def _bars(heights: Sequence[float]) -> str:
    """Draw a small bar chart."""
    if not heights or max(heights) <= 0:
        return ""
    step, top = WIDTH / len(heights), max(heights)
    drawn = "".join(
        f'<rect x="{i * step:.1f}" y="{HEIGHT - HEIGHT * height / top:.1f}" width="{max(step - 1, 1):.1f}"'
        f' height="{HEIGHT * height / top:.1f}"/>'
        for i, height in enumerate(heights)
    )
    return f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="distribution">{drawn}</svg>'


def _anomalies(content: Mapping[str, Any]) -> str:
    findings = [
        [
            escape(f["severity"]),
            escape(f["split"]),
            escape(f["feature"] or "(all rows)"),
            escape(f"{f['what']}: {f['detail']}"),
        ]
        for f in content["findings"]
    ]
    moved = [
        [
            escape(one["split"]),
            escape(one["feature"]),
            *(f"{name} {value:.4f}" for name, value in one["distances"].items()),
        ]
        for one in content.get("drift", [])
    ]
    verdict = escape(content["verdict"])
    mark = ' class="bad"' if verdict == "block" else ""
    return (
        f"<p>Verdict: <span{mark}>{verdict}</span></p>"
        + (_table(["", "split", "feature", "finding"], findings) if findings else "<p>Nothing was found.</p>")
        + ("<h2>Drift from the span before</h2>" + _table(["split", "feature", "distances"], moved) if moved else "")
    )


def _evaluation(content: Mapping[str, Any]) -> str:
    metrics = list(content["metrics"])
    slices = [
        [
            escape(one["slice"]),
            f"{one['rows']:,}",
            *(f"{_number(one['model'].get(m))} / {_number((one['guess'] or {}).get(m))}" for m in metrics),
        ]
        for one in content["slices"]
    ]
    checks = [
        [escape(c["slice"]), escape(c["metric"]), escape(c["rule"]), _number(c["value"]), escape(c["verdict"])]
        for c in content["checks"]
    ]
    refusals = "".join(f'<li class="bad">{escape(reason)}</li>' for reason in content["refusals"])
    return (
        (f"<p>Not blessed:</p><ul>{refusals}</ul>" if refusals else "<p>Blessed.</p>")
        + _table(["slice (model / guess)", "rows", *map(escape, metrics)], slices)
        + "<h2>Thresholds</h2>"
        + _table(["slice", "metric", "rule", "found", "verdict"], checks)
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out cells that are HTML already."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


PAGES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    ExampleStatistics.type_id: _statistics,
    ExampleAnomalies.type_id: _anomalies,
    ModelEvaluation.type_id: _evaluation,
}
