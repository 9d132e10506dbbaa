"""Runs a command as a user would, and measures it."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, and what it should not exceed (both in words)."""

    what: str
    found: str
    wanted: str = ""


def headrace(*arguments: str, folder: Path) -> float:
    """Run the command line in a folder; return the seconds of wall clock. Raises on a non-zero exit."""
    command = [str(Path(sys.executable).with_name("headrace")), *arguments]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=variables, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def median(work: Callable[[], float], times: int) -> float:
    """Measure several times and take the middle."""
    return statistics.median(work() for _ in range(times))


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """Print a table."""
    print(f"\n## {title}\n")
    print("| what | measured | wanted |")
    print("|---|--:|--:|")
    for figure in figures:
        print(f"| {figure.what} | {figure.found} | {figure.wanted} |")
