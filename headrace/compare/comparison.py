"""All that differs between two runs, or between two artifacts and what determined them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Literal

from headrace.compare.behind import pairs_behind
from headrace.compare.contents import Contents, Measured, Of, Pair, contents_of
from headrace.compare.data import DataChange, diff_data
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
from headrace.compare.types import CONTENTS, EVALUATION, SCHEMA, STATISTICS
from headrace.lineage.blame import DataLeaf, blame
from headrace.lineage.determinants import code_of, environment_of
from headrace.lineage.run_diff import NodeDiff, PartChange, changes_between, diff_runs, telling
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.metadata.records import Run, StoredArtifact


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs, and nothing else; `commits` are those of both sides, with `+` where files were changed since.

    `unread` are artifacts that were to be compared and have no preview that can be read; `measured` says how much of
    each part was on both sides, `slices` which metrics there are to compare.
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
    data: Sequence[DataChange]
    statistics: Sequence[tuple[Of, Sequence[FeatureDiff]]]
    schema: Sequence[tuple[Of, Sequence[SchemaChange]]]
    metrics: Sequence[tuple[Of, Sequence[MetricChange]]]
    unread: Sequence[int]
    measured: Sequence[Measured]
    slices: Mapping[str, Sequence[str]]


def compare_runs(snapshot: Snapshot, first: Run, second: Run) -> Comparison:
    """Compare two runs, node by node and output by output."""
    nodes = diff_runs(snapshot, first, second)
    sides = [{e.node: telling(snapshot, e) for e in snapshot.in_run(run.id)} for run in (first, second)]
    contents = contents_of(snapshot, _outputs(sides[0], sides[1]), CONTENTS)
    shared = _shared(sides[0], sides[1])
    environments = first.environment, second.environment
    parts = _measured(contents, shared, environments)
    return Comparison(
        kind="runs",
        first=first.id,
        second=second.id,
        nodes=[node for node in nodes.nodes if node.verdict != "same" or node.states[0] != node.states[1]],
        parameters=[*diff_values(first, second), *diff_parameters(sides[0], sides[1])],
        code=diff_code(*shared),
        commits=(_commit(first), _commit(second)),
        environment=_environment(*shared, *environments),
        properties=[],
        data=diff_data(*(_read(snapshot, side) for side in sides)),
        statistics=contents.differences(STATISTICS, diff_statistics),
        schema=contents.differences(SCHEMA, diff_schemas),
        metrics=contents.differences(EVALUATION, diff_metrics),
        unread=[number for part in parts for number in part.unread],
        measured=parts,
        slices=contents.slices(EVALUATION),
    )


def compare_artifacts(snapshot: Snapshot, first: StoredArtifact, second: StoredArtifact) -> Comparison:
    """Compare two artifacts: their own contents and properties, what stands behind them, all that determined them."""
    blames = [blame(snapshot, [Vertex("artifact", artifact.id)]) for artifact in (first, second)]
    sides = [{e.node: e for e in snapshot.executions(found.executions)} for found in blames]
    behind = pairs_behind(snapshot, (first, blames[0]), (second, blames[1]))
    contents = contents_of(snapshot, [_own(first, second), *behind], CONTENTS)
    commits = [[f"{c.commit}{'+' if c.dirty else ''}" for c in found.commits] for found in blames]
    environments = [", ".join(found.environments) for found in blames]
    parts = _measured(contents, (sides[0], sides[1]), (environments[0], environments[1]))
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
        data=diff_data(blames[0].data, blames[1].data),
        statistics=contents.differences(STATISTICS, diff_statistics),
        schema=contents.differences(SCHEMA, diff_schemas),
        metrics=contents.differences(EVALUATION, diff_metrics),
        unread=[number for part in parts for number in part.unread],
        measured=parts,
        slices=contents.slices(EVALUATION),
    )


def _measured(contents: Contents, sides: tuple[Side, Side], environments: tuple[str, str]) -> list[Measured]:
    """Say how much of each part there is on both sides; keys tell all, else what another program wrote."""
    code = min(sum(bool(e.key or code_of(e)) for e in side.values()) for side in sides)
    versions = min(sum(bool(e.key or environment_of(e)) for e in side.values()) for side in sides)
    return [
        contents.measured("statistics", STATISTICS),
        contents.measured("schema", SCHEMA),
        contents.measured("metrics", EVALUATION),
        Measured(part="parameters", count=len(sides[0].keys() & sides[1].keys())),
        Measured(part="code", count=code),
        Measured(part="environment", count=versions + all(environments)),
    ]


def _read(snapshot: Snapshot, side: Side) -> Sequence[DataLeaf]:
    """List the data that a run's own nodes read; that of an older model which it was compared with is not its own."""
    given = {record.id for execution in side.values() for record in execution.given}
    found = blame(snapshot, [Vertex("execution", execution.id) for execution in side.values()])
    return [leaf for leaf in found.data if not leaf.node or leaf.artifact in given]


def _own(first: StoredArtifact, second: StoredArtifact) -> Pair:
    return Pair(
        of=Of(node="", output="", before=first.id, after=second.id),
        types=frozenset({first.type, second.type}),
        is_same=first.id == second.id,
    )


def _outputs(before: Side, after: Side) -> list[Pair]:
    """Match the outputs of two runs by node, name and place; those of equal content are the same."""
    one, other = (_by_output(side) for side in (before, after))
    return [
        Pair(
            of=Of(node=node, output=name, before=a[0], after=b[0]), types=frozenset({a[1], b[1]}), is_same=a[2] == b[2]
        )
        for node, name, place in dict.fromkeys([*other, *one])
        for a, b in [(one.get((node, name, place), _NONE), other.get((node, name, place), _NONE))]
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


def _environment(before: Side, after: Side, first: str, second: str) -> list[PartChange]:
    return [*diff_environment(before, after), *changes_between({"all packages": first}, {"all packages": second})]


def _commit(run: Run) -> list[str]:
    return [f"{run.git_commit}{'+' if run.git_dirty else ''}"] if run.git_commit else []


def _properties(artifact: StoredArtifact) -> dict[str, str]:
    held = {name: dumps(value) for name, value in sorted(artifact.record.properties.items())}
    size = "" if (known := artifact.record.known_size) is None else str(known)
    return {"type": artifact.type, "digest": artifact.record.digest, "size": size, **held}
