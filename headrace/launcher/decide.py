"""What a node will do: nothing here writes, so a preview asks the same question as a run."""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from traceback import format_exc
from typing import TypeAlias

from headrace.errors import HeadraceError, LaunchError
from headrace.launcher.admit import admit
from headrace.launcher.cache import key_of, look_up
from headrace.launcher.drive import Driver
from headrace.metadata.reader import Reader
from headrace.metadata.records import Cached, CacheKey, Execution, Running
from headrace.spec.messages import ArtifactRecord, Block, Failed, NodeRun, Ready, Skip
from headrace.spec.records import FromQuery
from headrace.user_code.load import load, place_of


@dataclass(frozen=True, kw_only=True)
class CacheRules:
    """How a run uses the cache: `refresh` looks nothing up, `verify` reads every byte of what it reuses."""

    refresh: bool = False
    verify: bool = False


@dataclass(frozen=True)
class Execute:
    """Nothing stands in the way, and nothing stands for it; `gone` is recorded and no longer on disk."""

    ready: Ready
    key: CacheKey
    gone: tuple[ArtifactRecord, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Reuse:
    """An earlier execution made the same."""

    ready: Ready
    key: CacheKey
    earlier: Execution
    gone: tuple[ArtifactRecord, ...] = field(default=())


Stop: TypeAlias = Skip | Block | Failed
Decision: TypeAlias = Execute | Reuse | Stop


def decide(node_run: NodeRun, reader: Reader, project: Path, rules: CacheRules) -> Decision:
    """Admit the node, ask its driver, look its key up; whatever the driver raises is a failure of the node."""
    try:
        return _decide(node_run, reader, project, rules)
    except Exception as error:  # a border to foreign code
        return failure(error)


def _decide(node_run: NodeRun, reader: Reader, project: Path, rules: CacheRules) -> Decision:
    stopped = admit(node_run, reader)
    if stopped:
        return stopped
    driver: Driver = load(node_run.node.driver)
    answer: object = driver(node_run, reader)
    if isinstance(answer, Skip):
        return answer
    if not isinstance(answer, Ready):
        given = f"{node_run.node.driver} answered {answer!r}"
        raise LaunchError(found=given, expected="Ready or Skip", do="Return one")
    key = key_of(node_run.node, answer, project)
    if node_run.node.options.cache != "on" or rules.refresh:
        return Execute(answer, key, reason="the cache is not looked up")
    found = look_up(key, reader, rehash=rules.verify)
    if found.earlier and answer.no_reuse:
        return Execute(answer, key, found.gone, answer.no_reuse)
    if found.earlier:
        return Reuse(answer, key, found.earlier, found.gone)
    return Execute(answer, key, found.gone, found.reason)


def execution_of(node_run: NodeRun, decision: Decision, attempt: int = 1) -> Execution:
    """Describe the execution that a decision begins; for all but Execute it ends there."""
    node = node_run.node
    plain = Execution(
        pipeline=node_run.pipeline,
        run=node_run.run,
        node=node.id,
        component=node.component,
        process_type=node.process_type,
        item=node_run.index,
        attempt=attempt,
        status=Running(),
        offered=node.options.cache != "off",
        started=time.time(),
    )
    match decision:
        case Execute(ready, key, _, reason):
            return replace(_described(plain, node_run, ready), key=key, note=reason)
        case Reuse(ready, key, earlier):
            described = _described(plain, node_run, ready)
            status = Cached(earlier.id)
            return replace(described, key=key, status=status, outputs=earlier.outputs, ended=time.time())
        case stop:
            return replace(plain, status=stop, ended=time.time())


def _described(plain: Execution, node_run: NodeRun, ready: Ready) -> Execution:
    node = node_run.node
    resolvers = {
        name: source.resolver.rpartition(":")[2]
        for name, wanted in node.inputs.items()
        for source in wanted.sources
        if isinstance(source, FromQuery)
    }
    parameters = {**ready.parameters, **node.functions}
    return replace(plain, inputs=ready.inputs, parameters=parameters, resolvers=resolvers)


def failure(error: Exception) -> Failed:
    """Record what a role raised."""
    message = str(error) or type(error).__name__
    return Failed(
        type=type(error).__name__, message=message, traceback=format_exc(), frame=_frame(error), permanent=True
    )


def _frame(error: Exception) -> str:
    return "" if isinstance(error, HeadraceError) else place_of(error)
