"""Shows a run while it goes on: a live table on a terminal, plain lines elsewhere. Both read events."""

import sys
import time
from dataclasses import dataclass

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from headrace.cli.output import short_time, silence
from headrace.orchestrators.events import Event
from headrace.spec.order import ordered
from headrace.spec.records import PipelineSpec

ENDS = ("COMPLETE", "CACHED", "FAILED", "SKIPPED", "BLOCKED", "CANCELED")
COLOURS = {
    "WAITING": "dim",
    "RUNNING": "cyan",
    "COMPLETE": "green",
    "CACHED": "blue",
    "FAILED": "bold red",
    "BLOCKED": "bold yellow",
    "SKIPPED": "yellow",
    "CANCELED": "magenta",
}


@dataclass
class Row:
    """How one node stands."""

    state: str = "WAITING"
    reason: str = ""
    began: float = 0.0
    ended: float = 0.0
    progress: str = ""
    made: str = ""

    @property
    def elapsed(self) -> str:
        if not self.began or self.state == "CACHED":
            return ""
        return short_time((self.ended or time.time()) - self.began)


class Terminal:
    """Shows the events of one run; use it as a context around the run."""

    def __init__(self, spec: PipelineSpec) -> None:
        self.rows = {node.id: Row() for node in ordered(spec)}
        self.name = spec.name
        self.run = ""
        self.live = Live(console=Console(stderr=False), get_renderable=self._table, refresh_per_second=4)
        self.is_live = sys.stdout.isatty()

    def __enter__(self) -> "Terminal":
        if self.is_live:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_live:
            self.live.stop()

    def show(self, event: Event) -> None:
        """Take in one event; a run goes on when nobody reads its lines any longer (`headrace run … | head`)."""
        try:
            self._show(event)
        except BrokenPipeError:
            silence(sys.stdout)

    def _show(self, event: Event) -> None:
        if event.event == "run_state":
            self.run = event.run
            if event.to == "RUNNING" and not self.is_live:
                click.echo(f"run {event.run} of {self.name}")
            return
        row = self.rows[event.node]
        if event.event == "progress":
            row.progress = _progress(event)
            return
        row.state, row.reason = event.to, event.reason
        summaries = event.data.get("summaries")
        row.made = "; ".join(map(str, summaries.values())) if isinstance(summaries, dict) else ""
        if event.to == "RUNNING":
            row.began, row.ended, row.progress = event.time, 0.0, ""
        if event.to in ENDS:
            row.ended = event.time
        if not self.is_live:
            self._line(event.node, row)

    def _line(self, node: str, row: Row) -> None:
        took = f" in {row.elapsed}" if row.state in ENDS and row.elapsed else ""
        reason = f": {row.reason}" if row.reason else ""
        click.echo(f"{time.strftime('%H:%M:%S')} {node:<16} {row.state}{took}{reason}")

    def _table(self) -> Table:
        table = Table(title=f"{self.name}  {self.run}", title_justify="left", box=None, pad_edge=False)
        for column in ("node", "state", "elapsed", "what came out, or why"):
            table.add_column(column, overflow="ellipsis", no_wrap=True)
        for name, row in self.rows.items():
            text = (row.progress if row.state == "RUNNING" else row.made) or row.reason
            table.add_row(name, f"[{COLOURS[row.state]}]{row.state}[/]", row.elapsed, text)
        return table


def _progress(event: Event) -> str:
    """Write a report in words: `epoch 3/10 loss 0.41`."""
    data = event.data
    done, total = data.get("done"), data.get("total")
    count = "" if done is None else f" {_number(done)}" + (f"/{_number(total)}" if total is not None else "")
    return f"{data.get('what', '')}{count} {data.get('text', '')}".strip()


def _number(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)
