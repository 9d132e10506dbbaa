"""Blame: the least that determined an artifact — data, code, parameters and environment — walked back to its leaves.

What an execution read without having it in its cache key (earlier trials, a cache of analyzers) did not decide what it
made: such inputs are named apart and not followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headrace.lineage.determinants import code_of, environment_of, facts_of, parameters_of, source_of
from headrace.lineage.query import leading
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.metadata.records import Execution, Run
from headrace.spec.records import Json


@dataclass(frozen=True, kw_only=True)
class DataLeaf:
    """Data that came from outside: read by a node that reads no artifact, or an artifact that no node made."""

    artifact: int
    type: str
    node: str
    span: int | None
    digest: str
    source: str
    path: str
    facts: Mapping[str, str]
    state: str

    @property
    def place(self) -> str:
        """Where it came from; where that is not recorded, and no digest tells it either, where it is."""
        return self.source or ("" if self.digest else self.path)


@dataclass(frozen=True, kw_only=True)
class CodeLeaf:
    """A module, by the digest of its source, with the nodes that it decided."""

    module: str
    digest: str
    nodes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Commit:
    """The commit that was checked out in some runs, and whether files were changed since."""

    commit: str
    dirty: bool
    runs: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ParameterLeaf:
    """A parameter of a node, and where its value came from: empty where the pipeline's file says it."""

    node: str
    name: str
    value: Json
    origin: str


@dataclass(frozen=True, kw_only=True)
class EnvironmentLeaf:
    """A distribution (or `keras`, a component, a layout) in a version that nodes depended on."""

    name: str
    version: str
    nodes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Blame:
    """All that determined something; `executions` did the work, oldest first, `unkeyed` is what decided nothing."""

    start: Sequence[Vertex]
    executions: Sequence[int]
    data: Sequence[DataLeaf]
    code: Sequence[CodeLeaf]
    commits: Sequence[Commit]
    parameters: Sequence[ParameterLeaf]
    environment: Sequence[EnvironmentLeaf]
    environments: Sequence[str]
    unkeyed: Sequence[Edge]


def blame(snapshot: Snapshot, start: Iterable[Vertex]) -> Blame:
    """Find the least that determined artifacts or executions."""
    begin = tuple(start)
    seen, unkeyed = _determining(snapshot, begin)
    numbers = sorted(_worker(snapshot, vertex.number) for vertex in seen if vertex.kind == "execution")
    makers = snapshot.executions(dict.fromkeys(numbers))
    runs = [snapshot.by_run[name] for name in dict.fromkeys(m.run for m in makers) if name in snapshot.by_run]
    return Blame(
        start=begin,
        executions=[maker.id for maker in makers],
        data=[*_read_from_outside(snapshot, makers, seen), *_made_by_nobody(snapshot, seen)],
        code=_code(makers),
        commits=_commits(runs),
        parameters=[leaf for maker in makers for leaf in _parameters(maker, snapshot.by_run.get(maker.run))],
        environment=_environment(makers),
        environments=sorted({run.environment for run in runs if run.environment}),
        unkeyed=unkeyed,
    )


def _determining(snapshot: Snapshot, start: Sequence[Vertex]) -> tuple[dict[Vertex, None], list[Edge]]:
    """Walk up along what is in the cache keys; return what was met, and the inputs that are in none."""
    seen, border = dict.fromkeys(start), list(start)
    unkeyed: list[Edge] = []
    while border:
        snapshot.executions(vertex.number for vertex in border if vertex.kind == "execution")
        coming: list[Vertex] = []
        for vertex in border:
            steps, _ = leading(snapshot, vertex, "up")
            for edge, other in steps:
                if vertex.kind == "execution" and not _is_keyed(snapshot.execution(vertex.number), edge):
                    unkeyed.append(edge)
                elif other not in seen:
                    seen[other] = None
                    coming.append(other)
        border = coming
    return seen, unkeyed


def _worker(snapshot: Snapshot, number: int) -> int:
    return snapshot.maker(snapshot.by_execution[number]).id


def _is_keyed(execution: Execution | None, edge: Edge) -> bool:
    """Tell whether an input is in a cache key; of an execution without one, or a lost one, every input counts."""
    return execution is None or execution.key is None or f"input {edge.name}[{edge.index}]" in execution.key.parts


def _read_from_outside(snapshot: Snapshot, makers: Sequence[Execution], seen: Mapping[Vertex, None]) -> list[DataLeaf]:
    leaves: list[DataLeaf] = []
    for maker in makers:
        if maker.inputs:
            continue
        made = [record for record in maker.given if _is_maker(snapshot, maker, record.id)]
        used = [record for record in made if Vertex("artifact", record.id) in seen]
        leaves += (
            _leaf(snapshot, record.id, node=maker.node, source=source_of(maker), facts=facts_of(maker, [record]))
            for record in used or made
        )
    return leaves


def _is_maker(snapshot: Snapshot, execution: Execution, artifact: int) -> bool:
    """Tell whether an execution made what it gave: a resolver of TFX gives what another run made."""
    made = snapshot.made_by(artifact)
    return made is not None and made.execution == execution.id


def _made_by_nobody(snapshot: Snapshot, seen: Iterable[Vertex]) -> list[DataLeaf]:
    loose = [v.number for v in seen if v.kind == "artifact" and not snapshot.edges(v, "output")]
    return [
        _leaf(snapshot, artifact.id, node="", source=artifact.record.path, facts={})
        for artifact in snapshot.artifacts_with(loose)
    ]


def _leaf(snapshot: Snapshot, number: int, *, node: str, source: str, facts: Mapping[str, str]) -> DataLeaf:
    (artifact,) = snapshot.artifacts_with([number])
    return DataLeaf(
        artifact=number,
        type=artifact.type,
        node=node,
        span=artifact.span,
        digest=artifact.record.digest,
        source=source,
        path=artifact.record.path,
        facts=facts,
        state=artifact.shown_state,
    )


def _code(makers: Sequence[Execution]) -> list[CodeLeaf]:
    nodes: dict[tuple[str, str], dict[str, None]] = {}
    for maker in makers:
        for module, digest in code_of(maker).items():
            nodes.setdefault((module, digest), {})[maker.node] = None
    return [
        CodeLeaf(module=m, digest=d, nodes=list(found)) for (m, d), found in sorted(nodes.items(), key=_users_first)
    ]


def _users_first(item: tuple[tuple[str, str], object]) -> tuple[bool, str, str]:
    (module, digest), _ = item
    return module.startswith("components."), module, digest


def _commits(runs: Sequence[Run]) -> list[Commit]:
    found: dict[tuple[str, bool], list[str]] = {}
    for run in runs:
        if run.git_commit:
            found.setdefault((run.git_commit, run.git_dirty), []).append(run.id)
    return [Commit(commit=commit, dirty=dirty, runs=names) for (commit, dirty), names in found.items()]


def _parameters(maker: Execution, run: Run | None) -> list[ParameterLeaf]:
    return [
        ParameterLeaf(node=maker.node, name=name, value=value, origin=_origin(name, value, run))
        for name, value in parameters_of(maker).items()
    ]


def _origin(name: str, value: Json, run: Run | None) -> str:
    """Find the value of the run that a parameter holds, under its own name or inside it."""
    if run is None:
        return ""
    if name in run.values and run.values[name] == value:
        return run.origins.get(name, "")
    if isinstance(value, Mapping):
        inner = {key: _origin(str(key), held, run) for key, held in value.items()}
        return ", ".join(f"{key}: {origin}" for key, origin in inner.items() if origin)
    return ""


def _environment(makers: Sequence[Execution]) -> list[EnvironmentLeaf]:
    nodes: dict[tuple[str, str], dict[str, None]] = {}
    for maker in makers:
        for name, version in environment_of(maker).items():
            nodes.setdefault((name, version), {})[maker.node] = None
    return [EnvironmentLeaf(name=n, version=v, nodes=list(found)) for (n, v), found in sorted(nodes.items())]
