"""The states of executions in words: MLMD's, with what CANCELED stands for told apart."""

from headrace.metadata.records import Cached, Complete, Execution, Running
from headrace.spec.messages import Block, Canceled, Failed, Skip


def state_of(execution: Execution) -> str:
    """Name an execution's state as MLMD does, with what CANCELED stands for told apart."""
    match execution.status:
        case Running():
            return "RUNNING"
        case Complete():
            return "COMPLETE"
        case Cached():
            return "CACHED"
        case Failed():
            return "FAILED"
        case Skip():
            return "SKIPPED"
        case Block():
            return "BLOCKED"
        case Canceled():
            return "CANCELED"


def reason_of(execution: Execution) -> str:
    """Say in one line why an execution is in its state."""
    match execution.status:
        case Cached(_, reason):
            return reason
        case Failed(type=kind, message=message):
            line = next((part for part in message.splitlines() if part.strip()), "")
            return line if kind in ("ProcessDied", "Timeout") or "; expected " in line else f"{kind}: {line}"
        case Skip(reason) | Canceled(reason):
            return reason
        case Block(gate):
            return f"{gate} blocks"
        case _:
            return execution.note
