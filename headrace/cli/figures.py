"""Prints a part of the graph as a figure: DOT, Mermaid, SVG, or a page of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import click

from headrace.errors import UsageError
from headrace.lineage.figure import Figure, figure_of, figure_of_groups
from headrace.lineage.label import Labels
from headrace.lineage.view import Collapse, View, capped, capped_groups, collapse

FIGURES = ("dot", "mermaid", "svg", "html")
MANY = 400
"""Boxes past which a figure is better with runs or types as one."""

F = TypeVar("F", bound=Callable[..., object])


def figure_options(command: F) -> F:
    """Add `--collapse` and `--most`, which say how much a figure draws."""
    kinds = click.Choice(["run", "type"])
    by = click.option("--collapse", "by", type=kinds, help="Draw runs or types as one, in a figure.")
    most_help = "Draw at most so many boxes in a figure, the nearest."
    return by(click.option("--most", type=click.IntRange(1), help=most_help)(command))


def check_figure_options(output: str, by: str | None, most: int | None) -> None:
    """Refuse what says how a figure is drawn where none is. Raises UsageError."""
    given = [name for name, value in {"--collapse": by, "--most": most}.items() if value is not None]
    if given and output not in FIGURES:
        names = " and ".join(given)
        raise UsageError(
            found=f"{names} with -o {output}",
            expected=f"a figure: -o {', '.join(FIGURES[:-1])} or {FIGURES[-1]}",
            do=f"Add -o svg, or leave {names} out",
        )


def figure(title: str, labels: Labels, view: View, by: str | None = None, most: int | None = None) -> Figure:
    """Draw a view, with runs or types as one where that is asked for; where it is capped, the nearest boxes."""
    if by is None:
        return figure_of(title, labels, capped(view, most))
    kind: Collapse = "run" if by == "run" else "type"
    return figure_of_groups(title, capped_groups(collapse(labels.snapshot, view, kind), view, most), view)


def print_figure(drawn: Figure, output: str, notes: Sequence[str] = (), fewer: str = "--collapse or --most") -> None:
    """Print a figure; what it does not show is said in it and on the error output. `fewer` are options that help."""
    from headrace.lineage.svg import html_of, svg_of
    from headrace.lineage.text_figures import MERMAID_MOST, dot_of, mermaid_of

    noted = replace(drawn, notes=[*drawn.notes, *notes])
    if len(noted.boxes) > MANY:
        click.echo(f"{len(noted.boxes):,} boxes: {fewer} draws fewer", err=True)
    if output == "mermaid" and len(noted.boxes) > MERMAID_MOST:
        click.echo(f"{len(noted.boxes):,} boxes: pages take about {MERMAID_MOST} of Mermaid", err=True)
    write = {"dot": dot_of, "mermaid": mermaid_of, "svg": svg_of, "html": html_of}[output]
    click.echo(write(noted), nl=False)
    for note in noted.notes:
        click.echo(note, err=True)
