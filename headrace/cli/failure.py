"""Prints an error of an executor: the user's own line first, the frames of libraries folded."""

import re
from collections.abc import Mapping

import click

from headrace.spec.records import Json
from headrace.user_code.load import is_users

_FRAME = re.compile(r'\s*File "(?P<file>.+?)", line \d+')


def print_error(error: Mapping[str, Json]) -> None:
    """Print an error's place, type, message and the user's part of its traceback."""
    if error["frame"]:
        click.echo(f"  at {error['frame']}")
    message = str(error["message"]).rstrip()
    for line in f"{error['type']}: {message}".splitlines():
        click.echo(f"  {line}")
    if own := folded(str(error["traceback"])):
        click.echo("")
        for line in own:
            click.echo(f"    {line}")


def folded(traceback: str) -> list[str]:
    """Keep the user's frames of a traceback; say how many others stood between them."""
    lines: list[str] = []
    hidden, keep = 0, True
    for line in traceback.rstrip().splitlines():
        if frame := _FRAME.match(line):
            keep = is_users(frame["file"])
            hidden += not keep
        elif not line.startswith("    "):
            keep = True
        if keep:
            lines += [f"  ({hidden} frames of libraries)"] if hidden else []
            lines.append(line)
            hidden = 0
    return lines
