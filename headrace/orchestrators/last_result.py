"""The last result of a node that was not selected, which stands for it where selected nodes read it."""

from collections.abc import Iterator

from headrace.errors import LaunchError
from headrace.metadata.reader import Reader
from headrace.metadata.records import CacheKey, Execution

PAGES = (20, 500, 100_000)
"""How many of a node's last executions are looked at, one after the other."""


def last_result(reader: Reader, pipeline: str, node: str, run: str) -> Execution:
    """Return the newest result of a node that is still there; raises LaunchError when there is none."""
    for execution in _succeeded(reader, pipeline, node):
        if execution.run != run and not any(reader.root.defect(artifact.path) for artifact in execution.given):
            return execution
    raise LaunchError(
        found=f"{node} is not selected, and no result of it is left",
        expected="one that selected nodes can read",
        do=f"Run once without --from and --only, or select {node} too",
    )


def last_key(reader: Reader, pipeline: str, node: str) -> CacheKey | None:
    """Return the cache key of a node's newest success, to compare with."""
    return next((execution.key for execution in _succeeded(reader, pipeline, node) if execution.key), None)


def _succeeded(reader: Reader, pipeline: str, node: str) -> Iterator[Execution]:
    seen: set[int] = set()
    for page in PAGES:
        found = [e for e in reader.of_node(pipeline, node, page) if e.id not in seen]
        seen |= {e.id for e in found}
        yield from (e for e in found if e.succeeded)
        if len(seen) < page:
            return
