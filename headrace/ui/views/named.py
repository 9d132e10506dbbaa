"""What a text of the page names: a run by its whole id, whatever that holds, or anything by a reference."""

from pathlib import Path

from headrace.errors import UnknownReference
from headrace.lineage.reference import Found, resolve, resolve_run
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.records import Run


def named(text: str, snapshot: Snapshot, here: Path) -> Found:
    """Find what a text names. Raises UnknownReference."""
    plain = text.removeprefix("run:")
    return snapshot.by_run.get(plain) or resolve(plain, snapshot, here)


def run_named(text: str, snapshot: Snapshot) -> Run:
    """Find a run by its id, which in another program's store may hold a slash, or by a reference to it.

    Raises UnknownReference, also for what goes on after a run: that is no address of it.
    """
    if run := snapshot.by_run.get(text):
        return run
    if "/" in text:
        raise UnknownReference(
            found=f"no run {text!r}", expected="a run of this store", do="List them: headrace ls runs"
        )
    return resolve_run(text, snapshot)
