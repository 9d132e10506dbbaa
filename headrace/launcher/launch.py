"""Takes one node its way: decide, begin, invoke, publish, commit."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from headrace.errors import ConflictError, SpecError, UnreachableRoot
from headrace.launcher.cache import look_up
from headrace.launcher.decide import CacheRules, Decision, Execute, Reuse, decide, execution_of, failure
from headrace.launcher.invoke import Attempt, Ended, Watcher, invoke, invoke_here
from headrace.launcher.publish import publish, put_in_place
from headrace.metadata.records import Complete, Execution
from headrace.metadata.store import Store
from headrace.spec.messages import ArtifactRecord, Canceled, Failed, Invocation, NodeRun, Ready, Succeeded
from headrace.storage.root import Staged
from headrace.storage.state import StateFolder
from headrace.workers.claims import Claims
from headrace.workers.pool import Pool

POLL = 0.05
"""Seconds between two looks at a claim that another run holds."""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Where and how a launcher works; `told` hears of every change of a node's state."""

    store: Store
    state: StateFolder
    claims: Claims
    project: Path
    pool: Pool | None
    rules: CacheRules = field(default_factory=CacheRules)
    interrupted: Event = field(default_factory=Event)
    told: Callable[[Execution], None] = lambda _: None
    watch: Callable[[str], Watcher] | None = None


def launch(node_run: NodeRun, workplace: Workplace) -> Execution:
    """Run one node to a recorded end, whatever that end is; every attempt is an execution."""
    attempt = 1 + _earlier_attempts(node_run, workplace.store)
    tries = 0
    while True:
        ended = _attempt(node_run, attempt, workplace)
        failed = isinstance(ended.status, Failed) and not ended.status.permanent
        if not failed or tries >= node_run.node.options.retries:
            return ended
        if workplace.interrupted.wait(node_run.node.options.backoff * 2**tries):
            return ended
        attempt, tries = attempt + 1, tries + 1


def _earlier_attempts(node_run: NodeRun, store: Store) -> int:
    """Count what a run that is resumed has tried already."""
    here = [e.attempt for e in store.in_run(node_run.run) if e.node == node_run.node.id]
    return max(here, default=0)


def _attempt(node_run: NodeRun, attempt: int, workplace: Workplace) -> Execution:
    """Decide and do; where another run works on the same key, wait for it and decide again."""
    while True:
        decision = decide(node_run, workplace.store, workplace.project, workplace.rules)
        if not isinstance(decision, Execute) or node_run.node.options.cache != "on":
            return _do(node_run, decision, attempt, workplace)
        key = decision.key.digest
        with workplace.claims.claimed(key) as mine:
            if mine:
                return _do(node_run, _unless_just_made(decision, workplace), attempt, workplace)
        while workplace.claims.is_claimed(key):
            if workplace.interrupted.wait(POLL):
                stopped = execution_of(node_run, decision, attempt)
                stopped = replace(stopped, status=Canceled("interrupted"), ended=time.time())
                return _record(stopped, workplace)


def _unless_just_made(decision: Execute, workplace: Workplace) -> Decision:
    """Look once more with the claim in hand: another run may have ended between the first look and the claim."""
    if decision.reason:
        return decision
    found = look_up(decision.key, workplace.store, rehash=workplace.rules.verify)
    return Reuse(decision.ready, decision.key, found.earlier) if found.earlier else decision


def _do(node_run: NodeRun, decision: Decision, attempt: int, workplace: Workplace) -> Execution:
    store, outputs = workplace.store, node_run.node.outputs
    gone: tuple[ArtifactRecord, ...] = decision.gone if isinstance(decision, Execute | Reuse) else ()
    if gone:
        store.mark_deleted(gone)
    execution = execution_of(node_run, decision, attempt)
    if not isinstance(decision, Execute):
        return _record(execution, workplace)
    log = workplace.state.run_folder(node_run.run) / "logs" / f"{node_run.node.id}.{attempt}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    begun = _record(replace(execution, log=os.path.relpath(log, workplace.project)), workplace)
    ended = store.commit(_work(node_run, decision.ready, begun, log, workplace), outputs)
    workplace.told(ended)
    return ended


def _record(execution: Execution, workplace: Workplace) -> Execution:
    begun = workplace.store.begin(execution)
    workplace.told(begun)
    return begun


def _work(node_run: NodeRun, ready: Ready, begun: Execution, log: Path, workplace: Workplace) -> Execution:
    """Call the executor and its publisher, and put in place what they made."""
    node = node_run.node
    staging = workplace.store.root.staging(node.id, begun.id, workplace.state)
    messages = workplace.state.run_folder(node_run.run) / "messages" / f"{node.id}.{begun.attempt}"
    try:
        with ExitStack() as held:
            fetched = replace(ready, inputs=_fetched(ready, held, workplace))
            invocation = _invocation(node_run, fetched, begun, staging, workplace)
            called = _call(node_run, invocation, messages, log, workplace)
            result = publish(node.publisher, invocation, called.result)
        ended = replace(begun, usage=called.usage, ended=time.time())
        if isinstance(result, Succeeded):
            outputs = put_in_place(node, staging, result.properties)
            shutil.rmtree(invocation.work, ignore_errors=True)
            return replace(ended, status=Complete(), outputs=outputs, ended=time.time())
        if isinstance(result, Failed):
            result = replace(result, log=begun.log)
    except (OSError, ConflictError, SpecError, UnreachableRoot) as error:
        again = isinstance(error, OSError | UnreachableRoot)
        ended, result = replace(begun, ended=time.time()), replace(failure(error), log=begun.log, permanent=not again)
    staging.discard()
    return replace(ended, status=result)


def _invocation(node_run: NodeRun, ready: Ready, begun: Execution, staging: Staged, workplace: Workplace) -> Invocation:
    node = node_run.node
    # Only a claim keeps two runs of one key apart, and only nodes that use the cache claim.
    key = begun.key.digest if begun.key and node.options.cache == "on" else begun.run
    return Invocation(
        executor=node.executor,
        inputs=ready.inputs,
        parameters=ready.parameters,
        functions=node.functions,
        outputs=staging.make(node.outputs),
        beam_args=node.options.beam_args,
        project=str(workplace.project),
        work=str(workplace.state.work / node.id / key),
    )


def _fetched(ready: Ready, held: ExitStack, workplace: Workplace) -> dict[str, tuple[ArtifactRecord, ...]]:
    """Have the inputs as folders on this machine for as long as they are held."""

    def here(artifact: ArtifactRecord) -> ArtifactRecord:
        folder = workplace.store.root.fetched(artifact.path, artifact.digest, workplace.state)
        return replace(artifact, path=str(held.enter_context(folder)))

    return {name: tuple(here(artifact) for artifact in found) for name, found in ready.inputs.items()}


def _call(node_run: NodeRun, invocation: Invocation, messages: Path, log: Path, workplace: Workplace) -> Ended:
    if workplace.pool is None:
        return invoke_here(invocation, node_run.node.environment)
    attempt = Attempt(
        folder=messages,
        log=log,
        environment=node_run.node.environment,
        timeout=node_run.node.options.timeout,
        watch=workplace.watch(node_run.node.id) if workplace.watch else None,
    )
    return invoke(invocation, attempt, workplace.pool)
