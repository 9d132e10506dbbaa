"""Calls an executor in a process of its own, through two JSON files; however that ends, a result comes back."""

import os
import pdb
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from headrace.metadata.records import Usage
from headrace.spec import messages
from headrace.spec.codec import read, write
from headrace.spec.messages import Answer, Canceled, Failed, Invocation, Result
from headrace.spec.records import Json
from headrace.workers.child import execute
from headrace.workers.environments import environment_set
from headrace.workers.hidden import hide
from headrace.workers.pool import Pool

Watcher: TypeAlias = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Where and how one attempt is called: its folder of messages, its log, its limit in seconds."""

    folder: Path
    log: Path
    environment: str
    timeout: float | None
    watch: Watcher | None = None


@dataclass(frozen=True)
class Ended:
    """What came back from an executor's process."""

    result: Result
    usage: Usage


def invoke(invocation: Invocation, attempt: Attempt, pool: Pool) -> Ended:
    """Have the executor called in a process forked from its environment's server."""
    attempt.folder.mkdir(parents=True, exist_ok=True)
    told, result = attempt.folder / "invocation.json", attempt.folder / "result.json"
    result.unlink(missing_ok=True)
    told.write_text(write(invocation), encoding="utf-8")
    call = pool.call(attempt.environment, told, result, attempt.log, attempt.watch)
    call.started.wait()  # until then its server imports, which the node is not to blame for
    began = time.monotonic()
    in_time = call.done.wait(attempt.timeout)
    if not in_time:
        call.kill(signal.SIGTERM)
        if not call.done.wait(2.0):
            call.kill()
            call.done.wait()
    usage = Usage(wall_seconds=time.monotonic() - began, cpu_seconds=call.cpu, peak_memory=call.memory)
    _scrub(attempt.log, invocation)
    if result.is_file() and in_time:
        return Ended(read(Answer, result.read_text(encoding="utf-8")).result, usage)
    if call.canceled:
        return Ended(Canceled("interrupted"), usage)
    if not in_time:
        return Ended(Failed(type="Timeout", message=f"not done after {attempt.timeout} s"), usage)
    return Ended(_died(call.status, attempt.log if call.pid else pool.startup_log), usage)


def invoke_here(invocation: Invocation, environment: str) -> Ended:
    """Call the executor in this process; on a terminal a debugger opens where it raises."""
    began, used, here = time.monotonic(), time.process_time(), Path.cwd()
    os.chdir(invocation.project)
    imports = environment_set(environment)
    os.environ.update(imports.variables)
    for module in imports.modules:
        import_module(module)
    try:
        result = execute(invocation, _debug if sys.stdin.isatty() else None)
    finally:
        os.chdir(here)
    return Ended(result, Usage(wall_seconds=time.monotonic() - began, cpu_seconds=time.process_time() - used))


def _debug(error: Exception) -> None:
    """Open the debugger in the frame that raised."""
    print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201  a debugger talks on the terminal
    pdb.post_mortem(error.__traceback__)


def _died(status: int | None, log: Path) -> Failed:
    """Describe a process that left no result."""
    if status is None:
        how = "its server died"
    elif status < 0:
        name = signal.Signals(-status).name
        how = f"killed by {name}{', as the kernel does when memory is short' if name == 'SIGKILL' else ''}"
    else:
        how = f"exit code {status}"
    last = _last_line(log)
    return Failed(type="ProcessDied", message=f"the executor's process died ({how}){f': {last}' if last else ''}")


def _last_line(log: Path) -> str:
    if not log.is_file():
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _scrub(log: Path, invocation: Invocation) -> None:
    """Take the values of secrets out of a log."""
    values = {os.environ.get(name, "") for name in _secrets(dict(invocation.parameters))}
    if any(values) and log.is_file():
        text = log.read_text(encoding="utf-8", errors="replace")
        log.write_text(hide(text, values), encoding="utf-8")


def _secrets(value: Json) -> set[str]:
    match value:
        case {messages.SECRET: str(name)}:
            return {name}
        case dict():
            return {name for part in value.values() for name in _secrets(part)}
        case list():
            return {name for part in value for name in _secrets(part)}
        case _:
            return set()
