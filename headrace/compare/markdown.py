"""A comparison in Markdown, fit for a pull request."""

from collections.abc import Sequence

from headrace.compare.comparison import Comparison
from headrace.compare.sections import Section, sections_of

ROWS = 20
"""Rows of a table that stand open; a longer one is folded."""


def markdown_of(comparison: Comparison, past: Sequence[str]) -> str:
    """Write a comparison; what is past the limits comes first."""
    sections = sections_of(comparison)
    lines = [f"### headrace diff `{comparison.first}` `{comparison.second}`", ""]
    if past:
        lines += ["**Past the limits**", "", *(f"- {_escaped(line)}" for line in past), ""]
    if not sections:
        lines += ["Nothing differs.", ""]
    for section in sections:
        lines += _section(section)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> list[str]:
    table = [
        _row(section.columns),
        _row(["---"] * len(section.columns)),
        *(_row(row) for row in section.rows),
    ]
    if len(section.rows) <= ROWS:
        return [f"#### {section.title}", "", *table, ""]
    summary = f"<details><summary>{_escaped(section.title)}: {len(section.rows)} rows</summary>"
    return [summary, "", *table, "", "</details>", ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Let a text be itself: nothing in it is Markdown or HTML."""
    kept = " ".join(text.split())
    for sign in ("\\", "|", "`", "*", "_", "[", "]", "#"):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
