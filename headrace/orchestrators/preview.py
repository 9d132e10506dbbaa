"""`headrace plan`: what a run would do, and why; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from headrace.launcher.cache import why
from headrace.launcher.decide import CacheRules, Decision, Execute, Reuse, decide, execution_of
from headrace.metadata.reader import Reader, WithKey
from headrace.metadata.records import Execution, Made
from headrace.orchestrators.freeze import freeze
from headrace.orchestrators.last_result import last_key, last_result
from headrace.orchestrators.request import new_run_id
from headrace.spec.messages import Block, Failed, NodeRun, Skip
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import Json, NodeSpec, PipelineSpec
from headrace.storage.root import Root


@dataclass(frozen=True)
class Step:
    """What one node would do."""

    node: str
    answer: Literal["runs", "cached", "waits", "stops", "fails"]
    reasons: Sequence[str]


@dataclass
class _Foreseen:
    """A reader that adds to the store what a run would record without working."""

    reader: Reader
    added: list[Execution] = field(default_factory=list)

    @property
    def root(self) -> Root:
        return self.reader.root

    def in_run(self, run: str) -> Sequence[Execution]:
        return [*self.reader.in_run(run), *self.added]

    def with_key(self, digest: str) -> WithKey:
        return self.reader.with_key(digest)

    def of_node(self, pipeline: str, node: str, limit: int) -> Sequence[Execution]:
        return self.reader.of_node(pipeline, node, limit)

    def made(self, pipeline: str, type_id: str) -> Sequence[Made]:
        return self.reader.made(pipeline, type_id)


def plan(
    pipeline: PipelineSpec,
    reader: Reader,
    project: Path,
    values: Mapping[str, Json],
    selected: frozenset[str] | None = None,
    rules: CacheRules | None = None,
) -> list[Step]:
    """Foresee a run; a node below one that runs waits for what it makes."""
    run = new_run_id()
    chosen = selected if selected is not None else frozenset(node.id for node in pipeline.nodes)
    frozen = freeze(pipeline, run, values, chosen)
    needed = {name for node in pipeline.nodes if node.id in chosen for name in waits_for(node, pipeline)}
    foreseen, steps, unknown = _Foreseen(reader), list[Step](), set[str]()
    for node in ordered(pipeline):
        if node.id not in chosen:
            steps.append(_unselected(pipeline, node, run, foreseen, is_needed=node.id in needed))
            continue
        if waits := [name for name in waits_for(node, pipeline) if name in unknown]:
            steps.append(Step(node.id, "waits", waits))
            unknown.add(node.id)
            continue
        node_run = NodeRun(
            pipeline=pipeline.name, run=run, node=node, values=values, frozen=frozen.values.get(node.id, {})
        )
        decision = frozen.failures.get(node.id) or decide(node_run, foreseen, project, rules or CacheRules())
        steps.append(_step(node_run, decision, reader))
        if isinstance(decision, Execute):
            unknown.add(node.id)
        else:
            foreseen.added.append(execution_of(node_run, decision))
    return steps


def _unselected(pipeline: PipelineSpec, node: NodeSpec, run: str, foreseen: _Foreseen, *, is_needed: bool) -> Step:
    """Let the last result of a node stand where a selected one reads it, as a run does."""
    if not is_needed:
        return Step(node.id, "stops", ["not selected"])
    last = last_result(foreseen, pipeline.name, node.id, run)
    foreseen.added.append(replace(last, run=run))
    return Step(node.id, "cached", [f"not selected: as {last.name}"])


def _step(node_run: NodeRun, decision: Decision, reader: Reader) -> Step:
    node = node_run.node.id
    match decision:
        case Execute(key=key, reason=reason):
            changed = why(last_key(reader, node_run.pipeline, node), key)
            return Step(node, "runs", [*([reason] if reason else []), *changed] or ["its last result did not finish"])
        case Reuse(earlier=earlier):
            return Step(node, "cached", [earlier.name])
        case Skip(reason):
            return Step(node, "stops", [reason])
        case Block(gate):
            return Step(node, "stops", [f"{gate} blocks"])
        case Failed(message=message):
            return Step(node, "fails", [message])
