"""Facets of OpenLineage: what is said of jobs, runs and datasets, in the form of its published schemas.

Source: the OpenLineage specification 2-0-2 and its facets (Apache License 2.0), https://openlineage.io.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from headrace.lineage.plain import Table, number_at, rows_at, table_at, text_at, texts_at
from headrace.spec.records import Json

Facet: TypeAlias = dict[str, Json]

PRODUCER = "urn:headrace"
_FACETS = "https://openlineage.io/spec/facets"
_VERSIONS = {
    "ColumnLineageDatasetFacet": "1-2-0",
    "DataQualityAssertionsDatasetFacet": "1-1-0",
    "DataQualityMetricsInputDatasetFacet": "1-0-3",
    "DatasetVersionDatasetFacet": "1-0-1",
    "DatasourceDatasetFacet": "1-0-1",
    "ErrorMessageRunFacet": "1-0-1",
    "ExecutionParametersRunFacet": "1-0-0",
    "JobTypeJobFacet": "2-0-4",
    "LifecycleStateChangeDatasetFacet": "1-0-1",
    "OutputStatisticsOutputDatasetFacet": "1-0-2",
    "ParentRunFacet": "1-2-0",
    "ProcessingEngineRunFacet": "1-1-1",
    "SchemaDatasetFacet": "1-2-0",
    "SourceCodeJobFacet": "1-0-1",
    "SourceCodeLocationJobFacet": "1-1-0",
}
SEVERITIES = {"block": "error", "warn": "warn"}


def facet(name: str, /, **fields: Json) -> Facet:
    """Make a facet of the specification; fields that are None are left out."""
    url = f"{_FACETS}/{_VERSIONS[name]}/{name}.json#/$defs/{name}"
    return {"_producer": PRODUCER, "_schemaURL": url, **{key: v for key, v in fields.items() if v is not None}}


def own_facet(name: str, /, **fields: Json) -> Facet:
    """Make a facet of headrace's own."""
    url = f"urn:headrace:facets:1:{name}"
    return {"_producer": PRODUCER, "_schemaURL": url, **{key: v for key, v in fields.items() if v is not None}}


def schema_facet(preview: Table) -> Facet | None:
    """Read the columns of examples, or the features of a schema or a Transform graph, from a preview."""
    columns = table_at(preview, "columns")
    fields: list[Json] = [{"name": name, "type": str(kind)} for name, kind in columns.items()]
    if not fields:
        fields = [{"name": text_at(row, "name"), "type": text_at(row, "type")} for row in rows_at(preview, "features")]
    return facet("SchemaDatasetFacet", fields=fields) if fields else None


def metrics_facet(statistics: Table) -> Facet:
    """Read the statistics of all splits together: what cannot be put together from splits is left out."""
    splits = [table_at(split) for split in table_at(statistics, "splits").values()]
    by_name: dict[str, list[Table]] = {}
    for split in splits:
        for row in rows_at(split, "features"):
            by_name.setdefault(text_at(row, "name"), []).append(row)
    rows = sum(int(number_at(split, "rows") or 0) for split in splits)
    columns: Mapping[str, Json] = {name: _column(parts) for name, parts in by_name.items()}
    return facet("DataQualityMetricsInputDatasetFacet", rowCount=rows, columnMetrics=columns)


def _column(parts: Sequence[Table]) -> Facet:
    lowest, highest = _numbers(parts, "min"), _numbers(parts, "max")
    found: Facet = {
        "nullCount": int(sum(_numbers(parts, "missing"))),
        "count": sum(_numbers(parts, "count")),
    }
    if lowest and highest:
        found |= {"min": min(lowest), "max": max(highest)}
    unique = number_at(parts[0], "unique")
    if len(parts) == 1 and unique is not None:
        found["distinctCount"] = int(unique)
    return found


def _numbers(parts: Iterable[Table], name: str) -> list[float]:
    return [value for part in parts if (value := number_at(part, name)) is not None]


def assertions_facet(anomalies: Table) -> Facet:
    """Read the findings of a Validator; where there are none, that all was as expected."""
    found: list[Json] = [
        {
            "assertion": text_at(row, "what") or "anomaly",
            "success": False,
            "severity": SEVERITIES.get(text_at(row, "severity"), "warn"),
            "content": f"{text_at(row, 'split')}: {text_at(row, 'detail')}",
            "contentType": "text/plain",
            **({"column": text_at(row, "feature")} if text_at(row, "feature") else {}),
        }
        for row in rows_at(anomalies, "findings")
    ]
    return facet(
        "DataQualityAssertionsDatasetFacet",
        assertions=found or [{"assertion": "schema, drift and skew are as expected", "success": True}],
    )


def column_lineage_facet(graph: Table, namespace: str, dataset: str) -> Facet:
    """Read from which raw columns of a dataset every transformed feature comes, as Transform recorded it."""
    analyzers = [(text_at(row, "name"), {*texts_at(row, "from")}) for row in rows_at(graph, "analyzers")]
    fields: dict[str, Json] = {}
    for row in rows_at(graph, "features"):
        columns = texts_at(row, "from")
        used = [name for name, looked_at in analyzers if looked_at <= {*columns}]
        inputs: list[Json] = [
            {
                "namespace": namespace,
                "name": dataset,
                "field": column,
                "transformations": _transformations(used),
            }
            for column in columns
        ]
        fields[text_at(row, "name")] = {"inputFields": inputs}
    return facet("ColumnLineageDatasetFacet", fields=fields)


def _transformations(analyzers: Sequence[str]) -> list[Json]:
    direct: Facet = {"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": False}
    indirect: list[Json] = [
        {"type": "INDIRECT", "subtype": "AGGREGATION", "description": name, "masking": False} for name in analyzers
    ]
    return [direct, *indirect]


def statistics_facet(preview: Table, size: int) -> Facet:
    """Tell the rows and bytes of an output."""
    rows = [value for value in table_at(preview, "rows").values() if isinstance(value, int)]
    return facet("OutputStatisticsOutputDatasetFacet", rowCount=sum(rows) if rows else None, size=size)
