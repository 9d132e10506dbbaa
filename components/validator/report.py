"""The report of a validation: Markdown that a person can read."""

from collections.abc import Sequence

from components.validator.against_baseline import Moved
from components.validator.findings import Finding, Verdict

SAYS = {
    "pass": "The data fit.",
    "warn": "The data fit, with warnings.",
    "block": "The data do not fit: what depends on this gate does not run.",
}


def write_report(
    span: int, verdict: Verdict, findings: Sequence[Finding], moved: Sequence[Moved], unchecked: Sequence[str]
) -> str:
    """Write what was found, how far every feature moved, and what could not be checked."""
    lines = [f"# Data of span {span}: {verdict}", "", SAYS[verdict], ""]
    if findings:
        rows = [[f.severity, f.split, f.feature or "(all rows)", f.what, f.detail] for f in findings]
        lines += ["## Findings", "", *_table(["", "split", "feature", "what", "detail"], rows), ""]
    if moved:
        lines += ["## Drift from the span before", "", *_drift(moved), ""]
    if unchecked:
        lines += ["## Not checked", "", *(f"- {reason}" for reason in unchecked), ""]
    return "\n".join(lines)


def _drift(moved: Sequence[Moved]) -> list[str]:
    measures = list(dict.fromkeys(measure for one in moved for measure in one.distances))
    rows = [
        [one.split, one.feature, *(f"{one.distances[m]:.4f}" if m in one.distances else "" for m in measures)]
        for one in moved
    ]
    return _table(["split", "feature", *measures], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"
