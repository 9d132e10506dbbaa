"""Prints tables and JSON: stdout is data, stderr is talk."""

import json
import os
import select
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

import click


def print_rows(rows: Sequence[Mapping[str, object]], columns: Sequence[str], output: str) -> None:
    """Print rows as a table with these columns, or all they hold as JSON, or as a line of JSON each."""
    if output == "json":
        print_json(list(rows))
        return
    if output == "ndjson":
        print_lines(json.dumps(dict(row), default=str) for row in rows)
        return
    if not rows:
        click.echo("nothing to show", err=True)
        return
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[i]) for line in cells)) for i, column in enumerate(columns)]
    for line in ([column.upper() for column in columns], *cells):
        click.echo("  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip())


def print_json(value: object) -> None:
    """Print plain data as JSON."""
    json.dump(value, sys.stdout, indent=1, default=str)
    sys.stdout.write("\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)


def is_unread(stream: TextIO) -> bool:
    """Tell whether a stream goes into a pipe that nobody reads any longer."""
    asked = select.poll()
    asked.register(stream.fileno(), 0)
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in asked.poll(0))


def silence(stream: TextIO) -> None:
    """Send what is still to be printed nowhere: nobody reads it, and Python would end with code 120 over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def short_time(seconds: float) -> str:
    """Show a duration: 0.4 s, 12 s, 3 m 05 s."""
    if seconds < 10:  # noqa: PLR2004  below it, tenths tell something
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest:02d} s" if minutes else f"{rest} s"


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
