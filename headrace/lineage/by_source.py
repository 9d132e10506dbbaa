"""References by a source: a file that rows were read from finds what was made of it."""

from collections.abc import Iterator
from pathlib import Path

from headrace.lineage.shelf import Indexed, Shelf
from headrace.metadata.records import Execution, StoredArtifact
from headrace.storage.span_pattern import match


def from_source(text: str, shelf: Shelf, here: Path) -> StoredArtifact | None:
    """Find the newest artifact that was made from a location outside the pipelines, or from a pattern that names it."""
    if not {".", "/"} & set(text):  # a word, such as the value of another parameter
        return None
    for execution in shelf.sources() if isinstance(shelf, Indexed) else _sources(shelf):
        if not execution.inputs and execution.succeeded and _reads(execution, text, here):
            return next(_made(execution, shelf), None)
    return None


def _sources(shelf: Shelf) -> Iterator[Execution]:
    """Walk through all executions, those of the newest run first."""
    return (execution for run in shelf.runs() for execution in reversed(shelf.in_run(run.id)))


def _reads(execution: Execution, text: str, here: Path) -> bool:
    """Tell whether a parameter is the location, or a pattern of it with the span and version of the execution."""
    known = (execution.parameters.get("span", 0), execution.parameters.get("version", 0))
    for value in execution.parameters.values():
        if isinstance(value, str) and value:
            if value == text or _absolute(value, here) == _absolute(text, here):
                return True
            if "{" in value and known in (match(value, text), match(_absolute(value, here), _absolute(text, here))):
                return True
    return False


def _made(execution: Execution, shelf: Shelf) -> Iterator[StoredArtifact]:
    return (artifact for record in execution.given if (artifact := shelf.artifact(record.id)))


def _absolute(location: str, here: Path) -> str:
    return location if "://" in location else str(here / location)
