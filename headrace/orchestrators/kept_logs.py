"""Logs of pods, kept below the root of artifacts: a pod's own disk goes with it.

No node is called like their folder, as none begins with a dot.
"""

from contextlib import suppress
from pathlib import Path

from headrace.errors import UnfitEnvironment
from headrace.metadata.records import Execution
from headrace.storage.root import Root


def keep_log(execution: Execution, log: Path, root: Root) -> None:
    """Copy the log of an execution below the root; a node has ended well or badly without it."""
    if log.is_file():
        with suppress(UnfitEnvironment):
            root.write(_place(execution), log.read_bytes())


def kept_log(execution: Execution, root: Root) -> bytes | None:
    """Read the log that a pod left; None where there is none."""
    try:
        return root.read(_place(execution))
    except UnfitEnvironment:
        return None


def _place(execution: Execution) -> str:
    return f".logs/{execution.run}/{execution.node}.{execution.attempt}.log"
