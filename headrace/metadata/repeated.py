"""What a write finds that is made again: the store may have taken it before its answer was lost."""

from typing import Any

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import ConflictError

NEAR = 1e-3
"""Seconds by which a time that was stored may differ."""


def begun_before(written: pb.Execution, found: pb.Execution | None) -> int:
    """Return the id of the record that this process made of an execution; raises ConflictError for another's."""
    if found is None or not (_is_near("started", written, found) and _is_equal("host", written, found)):
        raise ConflictError(
            found=f"{written.name} is recorded already, by another process",
            expected="a run and an attempt that one process works on",
            do="See which one does: headrace show run",
        )
    return int(found.id)


def was_committed(written: pb.Execution, found: pb.Execution) -> bool:
    """Tell whether an end is recorded already; raises ConflictError where another process closed the execution."""
    if found.last_known_state == pb.Execution.RUNNING:
        return False
    if found.last_known_state == written.last_known_state and _is_near("finished", written, found):
        return True
    state = pb.Execution.State.Name(found.last_known_state)
    raise ConflictError(
        found=f"{written.name} was closed by another process, as {state}",
        expected="an execution that goes on until this process ends it",
        do="Run it again; this process could not reach the store for so long that it was taken for dead",
    )


def _is_near(name: str, one: Any, other: Any) -> bool:
    return bool(abs(one.properties[name].double_value - other.properties[name].double_value) < NEAR)


def _is_equal(name: str, one: Any, other: Any) -> bool:
    return bool(one.properties[name].string_value == other.properties[name].string_value)
