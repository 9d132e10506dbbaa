"""What a store holds, in a notebook: every answer shows itself as a figure or tables, without widgets or scripts.

from headrace.notebook import open_history

history = open_history()                      # the project's store; or open_history("old_tfx.db")
history.runs()
history.lineage("Model@latest", up=2)
history.blame("Model@latest")
history.compare("@prev", "@latest")
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from headrace.compare.comparison import compare_artifacts, compare_runs
from headrace.compare.sections import Section, sections_of
from headrace.config.project import find_project
from headrace.config.settings import place_of, read_settings
from headrace.errors import UsageError
from headrace.lineage.blame import blame
from headrace.lineage.figure import Figure, figure_of
from headrace.lineage.label import labels_of
from headrace.lineage.lists import run_row
from headrace.lineage.load import load, refresh
from headrace.lineage.query import Border, starts_of, walk
from headrace.lineage.reference import resolve
from headrace.lineage.snapshot import Snapshot
from headrace.lineage.svg import svg_of
from headrace.lineage.view import view_of
from headrace.metadata.records import Run, StoredArtifact
from headrace.orchestrators.workspace import Place
from headrace.ui.opened import of_database, of_place

MOST = 200
"""How many boxes a figure has at most, the nearest."""


@dataclass(frozen=True)
class Drawing:
    """A figure that a notebook shows as SVG."""

    figure: Figure

    def _repr_html_(self) -> str:
        return f'<div style="overflow:auto">{svg_of(self.figure)}</div>'


@dataclass(frozen=True)
class Tables:
    """Tables with titles that a notebook shows as HTML; all text stays text."""

    sections: Sequence[Section]

    def _repr_html_(self) -> str:
        return "".join(map(_table, self.sections)) or "<p>Nothing differs.</p>"


@dataclass
class History:
    """A store that is read; each question sees what is recorded by then."""

    snapshot: Snapshot
    _open: ExitStack = field(repr=False)

    def runs(self, limit: int = 20) -> Tables:
        """List the newest runs."""
        found = self._now().runs()[:limit]
        rows = [run_row(run, self.snapshot.in_run(run.id)) for run in found]
        shown = ("id", "pipeline", "state", "complete", "cached", "failed")
        return Tables([Section("runs", shown, [[str(row[name]) for name in shown] for row in rows])])

    def lineage(self, reference: str, *, up: int | None = None, down: int | None = None) -> Drawing:
        """Draw what something was made from, and what was made from it; a depth counts executions, None is all."""
        snapshot = self._now()
        found = resolve(reference, snapshot, Path.cwd())
        walks = [
            walk(snapshot, starts_of(found, snapshot, "up"), "up", Border(depth=up)),
            walk(snapshot, starts_of(found, snapshot, "down"), "down", Border(depth=down)),
        ]
        return Drawing(figure_of(reference, labels_of(snapshot), view_of(walks, MOST)))

    def blame(self, reference: str) -> Tables:
        """Say what determined something: data, code, parameters, environment."""
        snapshot = self._now()
        found = blame(snapshot, starts_of(resolve(reference, snapshot, Path.cwd()), snapshot, "up"))
        data = [[leaf.source or f"artifact:{leaf.artifact}", str(leaf.span), leaf.digest[:10]] for leaf in found.data]
        code = [[leaf.module, leaf.digest[:10], ", ".join(leaf.nodes)] for leaf in found.code]
        parameters = [[leaf.node, leaf.name, str(leaf.value), leaf.origin] for leaf in found.parameters]
        environment = [[leaf.name, leaf.version] for leaf in found.environment]
        return Tables(
            [
                Section("data", ("source", "span", "digest"), data),
                Section("code", ("module", "digest", "nodes"), code),
                Section("parameters", ("node", "name", "value", "origin"), parameters),
                Section("environment", ("name", "version"), environment),
            ]
        )

    def compare(self, first: str, second: str) -> Tables:
        """Compare two runs or two artifacts; only what differs. Raises UsageError for things of two kinds."""
        snapshot = self._now()
        match resolve(first, snapshot, Path.cwd()), resolve(second, snapshot, Path.cwd()):
            case (Run() as one, Run() as other):
                return Tables(sections_of(compare_runs(snapshot, one, other)))
            case (StoredArtifact() as one, StoredArtifact() as other):
                return Tables(sections_of(compare_artifacts(snapshot, one, other)))
        raise UsageError(found=f"{first} and {second}", expected="two runs, or two artifacts", do="Name two of a kind")

    def close(self) -> None:
        """Close the store; a copy of another program's file is removed."""
        self._open.close()

    def _now(self) -> Snapshot:
        self.snapshot = refresh(self.snapshot)
        return self.snapshot


def open_history(db: str = "") -> History:
    """Open the store of the project around this folder, or any store by its file or address, for reading only."""
    stack = ExitStack()
    shown = of_database(db, (), stack) if db else of_place(_place_here())
    return History(load(shown.catalogue), stack)


def _place_here() -> Place:
    project = find_project(Path.cwd()).root
    return place_of(project, read_settings(project, None, os.environ).settings)


def _table(section: Section) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in section.columns)
    rows = "".join(_row(row) for row in section.rows)
    return f"<h4>{escape(section.title)}</h4><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells) + "</tr>"
