"""What a run is asked for, and what it answers."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from headrace.errors import ExitCode
from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Execution, Run
from headrace.spec.messages import Block, Canceled, Failed, Skip
from headrace.spec.records import Json, PipelineSpec


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a run is asked for."""

    spec: PipelineSpec
    values: Mapping[str, Json] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    selected: frozenset[str] | None = None
    resume: Run | None = None
    run_id: str = ""
    keep_going: bool = False
    debug: bool = False
    rules: CacheRules = field(default_factory=CacheRules)
    orchestrator: str = "local"


@dataclass(frozen=True)
class Finished:
    """How a run ended: its record, and the last attempt of every node."""

    run: Run
    executions: Mapping[str, Execution]

    def exit_code(self, *, gate: bool = False) -> ExitCode:
        """Return what a command says: 130 interrupted, 1 failed, 3 blocked (`gate`: or refused), else 0."""
        statuses = [execution.status for execution in self.executions.values()]
        if any(isinstance(status, Canceled) for status in statuses):
            return ExitCode.INTERRUPTED
        if any(isinstance(status, Failed) for status in statuses):
            return ExitCode.NODE_FAILED
        refused = any(isinstance(status, Skip) and status.refused for status in statuses)
        blocked = any(isinstance(status, Block) for status in statuses)
        return ExitCode.GATE if blocked or (gate and refused) else ExitCode.OK


def new_run_id() -> str:
    """Make an id that is unique and sorts by time."""
    now = time.time()
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{int(now % 1 * 1e6):06d}-{secrets.token_hex(2)}"
