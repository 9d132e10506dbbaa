"""How a schedule on the server says who keeps it: the last line of its description, which is all that it can bear."""

import re

from headrace.kubeflow.resources import RecurringRun

_LINE = re.compile(r"(?:\A|\n)Kept by headrace for (\S+); edit its schedules\.yaml instead\.\Z")


def marked(description: str, owner: str) -> str:
    """Add the line to a description."""
    line = f"Kept by headrace for {owner}; edit its schedules.yaml instead."
    return f"{description}\n{line}" if description else line


def owner_of(found: RecurringRun) -> str | None:
    """Return who keeps a schedule; None for one that headrace did not make."""
    line = _LINE.search(found.description)
    return line[1] if line else None


def description_of(found: RecurringRun) -> str:
    """Return what the description says beside the line."""
    return _LINE.sub("", found.description)
