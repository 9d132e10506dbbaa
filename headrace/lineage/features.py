"""Lineage of features, as Transform recorded it: raw column, analyzers, transformed feature, input of the model."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.errors import UnknownReference
from headrace.lineage.candidates import not_among
from headrace.lineage.plain import Table, rows_at, table_at, text_at, texts_at
from headrace.lineage.previews import content
from headrace.lineage.query import ancestors
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.spec.records import Json

GRAPH = "TransformGraph"


@dataclass(frozen=True, kw_only=True)
class Analyzer:
    """What looked at all rows of some columns: its name, the columns, and what it found, as far as it was kept."""

    name: str
    columns: Sequence[str]
    values: Sequence[Json]
    vocabulary: str
    size: int | None


@dataclass(frozen=True, kw_only=True)
class FeatureTrace:
    """A transformed feature: the raw columns it comes from, their analyzers, and the models' signatures that take it.

    `is_input` is None where no model was asked about, or its preview does not tell.
    """

    feature: str
    type: str
    columns: Sequence[str]
    analyzers: Sequence[Analyzer]
    is_input: bool | None


@dataclass(frozen=True, kw_only=True)
class FeatureLineage:
    """The features of one Transform graph, and the raw columns that none of them uses."""

    graph: int
    model: int
    features: Sequence[FeatureTrace]
    unused: Sequence[str]


def feature_lineage(snapshot: Snapshot, artifact: int) -> FeatureLineage:
    """Trace the features of a model, or of anything else that was made with a Transform graph, or of the graph."""
    graph = _graph_of(snapshot, artifact)
    found = snapshot.by_artifact[artifact]
    model = artifact if found.type == "Model" else 0
    told = content(snapshot, graph)
    if not told:
        raise UnknownReference(
            found=f"artifact:{graph}, a {GRAPH} without a preview that tells its features",
            expected="one that headrace's Transform wrote, with its payload there",
            do=f"List them: headrace ls artifacts --where type:{GRAPH}",
        )
    analyzers = [_analyzer(row) for row in rows_at(told, "analyzers")]
    inputs = _inputs_of(content(snapshot, model)) if model else None
    return FeatureLineage(
        graph=graph,
        model=model,
        features=[_trace(row, analyzers, inputs) for row in rows_at(told, "features")],
        unused=texts_at(told, "unused"),
    )


def trace_of(lineage: FeatureLineage, name: str) -> list[FeatureTrace]:
    """Find a feature by its name, or those that a raw column went into. Raises UnknownReference."""
    found = [trace for trace in lineage.features if name == trace.feature or name in trace.columns]
    if found:
        return found
    known = {*(t.feature for t in lineage.features), *(column for t in lineage.features for column in t.columns)}
    raise not_among(f"no feature {name!r} in artifact:{lineage.graph}", name, known, "a column or a feature of it")


def _graph_of(snapshot: Snapshot, artifact: int) -> int:
    distances = ancestors(snapshot, [Vertex("artifact", artifact)]).distances
    graphs = [
        (distance, vertex.number)
        for vertex, distance in distances.items()
        if vertex.kind == "artifact" and (known := snapshot.by_artifact.get(vertex.number)) and known.type == GRAPH
    ]
    if not graphs:
        raise UnknownReference(
            found=f"artifact:{artifact} was made without a {GRAPH}",
            expected=f"a {GRAPH}, or something made with one",
            do=f"List them: headrace ls artifacts --where type:{GRAPH}",
        )
    return min(graphs)[1]


def _analyzer(row: Table) -> Analyzer:
    values, size = row.get("values"), row.get("size")
    return Analyzer(
        name=text_at(row, "name"),
        columns=texts_at(row, "from"),
        values=list(values) if isinstance(values, list) else [],
        vocabulary=text_at(row, "vocabulary"),
        size=size if isinstance(size, int) else None,
    )


def _trace(row: Table, analyzers: Sequence[Analyzer], inputs: set[str] | None) -> FeatureTrace:
    columns, name = texts_at(row, "from"), text_at(row, "name")
    return FeatureTrace(
        feature=name,
        type=text_at(row, "type"),
        columns=columns,
        analyzers=[analyzer for analyzer in analyzers if set(analyzer.columns) <= set(columns)],
        is_input=None if inputs is None else name in inputs,
    )


def _inputs_of(model: Table) -> set[str] | None:
    """Name the transformed features that a model takes: what its signature `transform_features` gives."""
    signatures = table_at(model, "signatures")
    if "transform_features" not in signatures:
        return None
    return {text_at(row, "name") for row in rows_at(signatures, "transform_features", "outputs")}
