"""Print the shape of this code base beside that of well-known ones: figures to think about, they gate nothing.

models.csv was measured with codemetrics.py on commits of 2024 to 2026. "Lines" are code lines. cyc: modules in
import cycles; cyc+: with deferred imports; fold: folders in cycles; vague: share of code in files called util, base,
common …; hop: longest import chain; reach: modules that importing one loads (p90).
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.codemetrics import measure

HERE = Path(__file__).parent
CODE = ("headrace", "components", "pipelines")
# (figure, "at most" or "at least", what the best of the models keep)
WISHES = (
    ("files.code_lines.p90", "<=", 250),
    ("files.code_lines.max", "<=", 450),
    ("functions.code_lines.p90", "<=", 25),
    ("functions.code_lines.max", "<=", 60),
    ("functions.nesting.max", "<=", 4),
    ("functions.complexity.max", "<=", 10),
    ("imports.cyclic_modules_with_deferred", "<=", 0),
    ("imports.cyclic_folders", "<=", 0),
    ("imports.reach.p90", "<=", 30),
    ("classes.inheritance_depth.max", "<=", 3),
    ("files.vague_named_share_of_code", "<=", 0),
    ("functions.typed_share", ">=", 1),
    ("documentation.public_with_docstring", ">=", 0.85),
    ("tests.to_code", ">=", 1.2),
)


class Figures:
    """The report of `measure`, read by dotted names."""

    def __init__(self, report: object) -> None:
        self.report = report

    def number(self, name: str) -> float:
        """Look up one figure."""
        value = self.report
        for key in name.split("."):
            value = value[key] if isinstance(value, dict) else None
        if not isinstance(value, int | float):
            raise KeyError(name)
        return value

    def joined(self, *names: str) -> str:
        return "/".join(f"{self.number(name):.0f}" for name in names)

    def percent(self, name: str) -> str:
        return f"{self.number(name):.0%}"


def our_row(ours: Figures) -> list[str]:
    """Write our figures in the columns of models.csv."""
    files, lines = "files.code_lines", "functions.code_lines"
    cycles = ("imports.cyclic_modules", "imports.cyclic_modules_with_deferred", "imports.cyclic_folders")
    return [
        "headrace",
        ours.joined("files.count"),
        f"{ours.number('files.code_lines_total') / 1000:.1f}k",
        ours.joined(f"{files}.median", f"{files}.p90", f"{files}.max"),
        ours.joined(f"{lines}.median", f"{lines}.p90"),
        ours.percent("functions.over_50_lines_share"),
        ours.joined("functions.nesting.p90", "functions.nesting.max"),
        ours.joined("functions.complexity.p90"),
        ours.percent("functions.typed_share"),
        ours.percent("documentation.public_with_docstring"),
        ours.joined("classes.inheritance_depth.max"),
        ours.percent("files.vague_named_share_of_code"),
        ours.joined("imports.depth"),
        ours.joined("imports.reach.p90"),
        ours.joined(*cycles),
        f"{ours.number('tests.to_code'):.1f}",
    ]


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Pad every column to its widest cell, the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        yield "  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))])


def wishes(ours: Figures) -> Iterator[list[str]]:
    """Compare our figures with what the best of the models keep."""
    yield ["figure", "ours", "wish", ""]
    for name, side, limit in WISHES:
        value = ours.number(name)
        kept = value <= limit if side == "<=" else value >= limit
        yield [name, f"{value:g}", f"{side} {limit:g}", "" if kept else "look"]


def main() -> None:
    """Print the table of models with our row last, our wishes, and where to look first."""
    report = measure(HERE.parent, [part for part in CODE if (HERE.parent / part).is_dir()], ["tests"])
    ours = Figures(report)
    models = [*csv.reader((HERE / "models.csv").read_text(encoding="utf-8").splitlines())]
    lines = [*aligned([*models, our_row(ours)]), "", *aligned([*wishes(ours)])]
    for title, group, figure in (("largest files", "files", "largest"), ("longest functions", "functions", "longest")):
        found = report[group]
        lines.append(f"\n{title}: {', '.join(found[figure]) if isinstance(found, dict) else ''}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
