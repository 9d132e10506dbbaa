"""All that differs between two runs, or between two artifacts and what determined them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Literal, TypeVar

from headrace.compare.keys import (
    CodeChange,
    ParameterChange,
    Side,
    diff_code,
    diff_environment,
    diff_parameters,
    diff_values,
)
from headrace.compare.metrics import MetricChange, diff_metrics
from headrace.compare.schemas import SchemaChange, diff_schemas
from headrace.compare.statistics import FeatureDiff, diff_statistics
from headrace.lineage.blame import blame
from headrace.lineage.plain import Table
from headrace.lineage.previews import content
from headrace.lineage.run_diff import NodeDiff, PartChange, changes_between, diff_runs
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.metadata.records import Run, StoredArtifact

T = TypeVar("T")

STATISTICS, SCHEMA, EVALUATION = "ExampleStatistics", "Schema", "ModelEvaluation"


@dataclass(frozen=True, kw_only=True)
class Of:
    """Where a difference was found: the output of a node, or the artifacts themselves where both are empty.

    `before` and `after` are artifacts, 0 where there is none.
    """

    node: str
    output: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs, and nothing else; `commits` are those of both sides, with `+` where files were changed since.

    `unread` are artifacts that were to be compared and have no preview that can be read.
    """

    kind: Literal["runs", "artifacts"]
    first: str
    second: str
    nodes: Sequence[NodeDiff]
    parameters: Sequence[ParameterChange]
    code: Sequence[CodeChange]
    commits: tuple[Sequence[str], Sequence[str]]
    environment: Sequence[PartChange]
    properties: Sequence[PartChange]
    statistics: Sequence[tuple[Of, Sequence[FeatureDiff]]]
    schema: Sequence[tuple[Of, Sequence[SchemaChange]]]
    metrics: Sequence[tuple[Of, Sequence[MetricChange]]]
    unread: Sequence[int]


def compare_runs(snapshot: Snapshot, first: Run, second: Run) -> Comparison:
    """Compare two runs, node by node and output by output."""
    nodes = diff_runs(snapshot, first, second)
    sides = [{e.node: e for e in snapshot.in_run(run.id)} for run in (first, second)]
    pairs = _outputs(sides[0], sides[1])
    return Comparison(
        kind="runs",
        first=first.id,
        second=second.id,
        nodes=[node for node in nodes.nodes if node.verdict != "same" or node.states[0] != node.states[1]],
        parameters=[*diff_values(first, second), *diff_parameters(sides[0], sides[1])],
        code=diff_code(*_shared(sides[0], sides[1])),
        commits=(_commit(first), _commit(second)),
        environment=_environment(*_shared(sides[0], sides[1]), first.environment, second.environment),
        properties=[],
        statistics=_each(snapshot, pairs, STATISTICS, diff_statistics),
        schema=_each(snapshot, pairs, SCHEMA, diff_schemas),
        metrics=_each(snapshot, pairs, EVALUATION, diff_metrics),
        unread=_unread(snapshot, pairs),
    )


def compare_artifacts(snapshot: Snapshot, first: StoredArtifact, second: StoredArtifact) -> Comparison:
    """Compare two artifacts: their own contents and properties, and all that determined them."""
    blames = [blame(snapshot, [Vertex("artifact", artifact.id)]) for artifact in (first, second)]
    sides = [{e.node: e for e in snapshot.executions(found.executions)} for found in blames]
    own = [(Of(node="", output="", before=first.id, after=second.id), {first.type, second.type})]
    commits = [[f"{c.commit}{'+' if c.dirty else ''}" for c in found.commits] for found in blames]
    environments = [", ".join(found.environments) for found in blames]
    return Comparison(
        kind="artifacts",
        first=f"artifact:{first.id}",
        second=f"artifact:{second.id}",
        nodes=[],
        parameters=diff_parameters(sides[0], sides[1]),
        code=diff_code(sides[0], sides[1]),
        commits=(commits[0], commits[1]),
        environment=_environment(sides[0], sides[1], *environments),
        properties=changes_between(_properties(first), _properties(second)),
        statistics=_each(snapshot, own, STATISTICS, diff_statistics),
        schema=_each(snapshot, own, SCHEMA, diff_schemas),
        metrics=_each(snapshot, own, EVALUATION, diff_metrics),
        unread=_unread(snapshot, own),
    )


Pairs = Sequence[tuple[Of, set[str]]]


def _outputs(before: Side, after: Side) -> Pairs:
    """Match the outputs of two runs by node, name and place; those of equal content are the same."""
    one, other = (_by_output(side) for side in (before, after))
    return [
        (Of(node=node, output=name, before=a[0], after=b[0]), {a[1], b[1]})
        for node, name, place in dict.fromkeys([*other, *one])
        if (a := one.get((node, name, place), _NONE))[2] != (b := other.get((node, name, place), _NONE))[2]
    ]


def _shared(before: Side, after: Side) -> tuple[Side, Side]:
    """Keep the nodes of both sides; that one lacks a node is told once, among the nodes."""
    return {n: e for n, e in before.items() if n in after}, {n: e for n, e in after.items() if n in before}


_NONE = (0, "", "")


def _by_output(side: Side) -> Mapping[tuple[str, str, int], tuple[int, str, str]]:
    return {
        (node, name, place): (record.id, record.type, record.digest or str(record.id))
        for node, execution in side.items()
        for name, found in execution.outputs.items()
        for place, record in enumerate(found)
    }


def _each(
    snapshot: Snapshot, pairs: Pairs, type_id: str, diff: Callable[[Table, Table], list[T]]
) -> list[tuple[Of, Sequence[T]]]:
    """Compare the contents of the pairs of a type, where both sides have one."""
    found = [
        (of, diff(before, after))
        for of, types in pairs
        if types == {type_id} and (before := content(snapshot, of.before)) and (after := content(snapshot, of.after))
    ]
    return [(of, changes) for of, changes in found if changes]


def _unread(snapshot: Snapshot, pairs: Pairs) -> list[int]:
    numbers = [n for of, types in pairs if types <= {STATISTICS, SCHEMA, EVALUATION} for n in (of.before, of.after)]
    return [number for number in numbers if number and not content(snapshot, number)]


def _environment(before: Side, after: Side, first: str, second: str) -> list[PartChange]:
    return [*diff_environment(before, after), *changes_between({"all packages": first}, {"all packages": second})]


def _commit(run: Run) -> list[str]:
    return [f"{run.git_commit}{'+' if run.git_dirty else ''}"] if run.git_commit else []


def _properties(artifact: StoredArtifact) -> dict[str, str]:
    held = {name: dumps(value) for name, value in sorted(artifact.record.properties.items())}
    return {"type": artifact.type, "digest": artifact.record.digest, "size": str(artifact.record.size), **held}
