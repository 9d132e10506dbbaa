"""Executions as events of OpenLineage, for Marquez, DataHub and others: a START and an end of each.

A node is a job, an execution a run with the pipeline's run as its parent, an output of a node a dataset, of which every
artifact is a version. Run ids are made from names, so exporting twice gives the same events.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from json import dumps
from uuid import NAMESPACE_URL, uuid5

from headrace.lineage import openlineage_facets as facets
from headrace.lineage.openlineage_facets import Facet, facet, own_facet
from headrace.lineage.plain import Table, table_at
from headrace.lineage.previews import content
from headrace.lineage.snapshot import Edge, Snapshot
from headrace.metadata.records import Cached, Execution
from headrace.metadata.states import reason_of, state_of
from headrace.spec.messages import ArtifactRecord, Failed
from headrace.spec.records import Json

NAMESPACE = "headrace"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ENDS = {"COMPLETE": "COMPLETE", "CACHED": "COMPLETE", "FAILED": "FAIL"}

SourceOf = Callable[[str, str], str | None]
"""Returns the source of a module that has a digest; None where it is not at hand."""


def no_source(module: str, digest: str) -> None:
    """Have no source at hand."""


def events_of(
    snapshot: Snapshot, executions: Sequence[int], source_of: SourceOf = no_source, namespace: str = NAMESPACE
) -> Iterator[dict[str, Json]]:
    """Write executions as events, in the order of their times."""
    writer = _Writer(snapshot, source_of, namespace)
    events = [event for execution in snapshot.executions(executions) for event in writer.events(execution)]
    yield from sorted(events, key=lambda event: str(event["eventTime"]))


@dataclass(frozen=True)
class _Writer:
    snapshot: Snapshot
    source_of: SourceOf
    namespace: str

    def events(self, execution: Execution) -> Iterator[dict[str, Json]]:
        told: dict[str, Json] = {
            "run": {"runId": _run_id(execution), "facets": self._run(execution)},
            "producer": facets.PRODUCER,
            "schemaURL": SCHEMA,
        }
        job = self._job(execution)
        with_code: Json = {**job, "facets": {**table_at(job, "facets"), **self._code(execution)}}
        yield {"eventType": "START", "eventTime": _moment(execution.started), "job": with_code, **told}
        told["job"] = job
        state = state_of(execution)
        if state != "RUNNING":
            ended = {"eventType": _ENDS.get(state, "ABORT"), "eventTime": _moment(execution.ended or execution.started)}
            yield {**ended, **told, "inputs": self._inputs(execution), "outputs": self._outputs(execution)}

    def _run(self, execution: Execution) -> dict[str, Json]:
        parent: Json = {"runId": _uuid(execution.run)}
        job: Json = {"namespace": self.namespace, "name": execution.pipeline or execution.component}
        told: dict[str, Json] = {
            **({"parent": facet("ParentRunFacet", run=parent, job=job)} if execution.run else {}),
            "processing_engine": facet("ProcessingEngineRunFacet", name="headrace", version=version("headrace")),
            "executionParameters": facet(
                "ExecutionParametersRunFacet",
                parameters=[
                    {"key": name, "name": name, "value": v if isinstance(v, str) else dumps(v)}
                    for name, v in execution.parameters.items()
                ],
            ),
            "headrace_execution": _own(execution),
        }
        if isinstance(execution.status, Failed):
            failed = execution.status
            told["errorMessage"] = facet(
                "ErrorMessageRunFacet",
                message=f"{failed.type}: {failed.message}",
                programmingLanguage="python",
                stackTrace=failed.traceback or None,
            )
        return told

    def _job(self, execution: Execution) -> dict[str, Json]:
        kinds = {"processingType": "BATCH", "integration": "HEADRACE", "jobType": "TASK"}
        told: dict[str, Json] = {"jobType": facet("JobTypeJobFacet", **kinds)}
        run = self.snapshot.by_run.get(execution.run)
        if run and run.git_commit:
            told["sourceCodeLocation"] = facet(
                "SourceCodeLocationJobFacet",
                type="git",
                url=f"urn:git:{run.git_commit}",
                version=f"{run.git_commit}{'-dirty' if run.git_dirty else ''}",
            )
        name = f"{execution.pipeline}.{execution.node}" if execution.pipeline else execution.node
        return {"namespace": self.namespace, "name": name or execution.component, "facets": told}

    def _code(self, execution: Execution) -> dict[str, Json]:
        sources = execution.key.sources if execution.key else {}
        texts = {module: self.source_of(module, digest) for module, digest in sources.items()}
        found = [f"# {module}\n{text}" for module, text in texts.items() if text is not None]
        told = facet("SourceCodeJobFacet", language="python", sourceCode="\n".join(found))
        return {"sourceCode": told} if found else {}

    def _inputs(self, execution: Execution) -> list[Json]:
        quality = self._quality(execution)
        return [
            {**self._dataset(artifact), "inputFacets": quality.get(name, {})}
            for name, found in execution.inputs.items()
            for artifact in found
        ]

    def _quality(self, execution: Execution) -> Mapping[str, Mapping[str, Json]]:
        """Tell what an execution found out about what it read: statistics of its examples, anomalies."""
        made = {artifact.type: artifact for artifact in execution.given}
        told: dict[str, dict[str, Json]] = {}
        for name, found in execution.inputs.items():
            types = {artifact.type for artifact in found}
            if "Examples" in types and (statistics := self._content(made.get("ExampleStatistics"))):
                told.setdefault(name, {})["dataQualityMetrics"] = facets.metrics_facet(statistics)
            if "ExampleStatistics" in types and (anomalies := self._content(made.get("ExampleAnomalies"))):
                told.setdefault(name, {})["dataQualityAssertions"] = facets.assertions_facet(anomalies)
        return told

    def _outputs(self, execution: Execution) -> list[Json]:
        return [
            {
                **self._dataset(artifact, self._column_lineage(execution, artifact)),
                "outputFacets": {"outputStatistics": facets.statistics_facet(self._content(artifact), artifact.size)},
            }
            for artifact in execution.given
        ]

    def _column_lineage(self, execution: Execution, made: ArtifactRecord) -> dict[str, Json]:
        graphs = [a for a in execution.given if a.type == "TransformGraph"]
        raw = [a for found in execution.inputs.values() for a in found if a.type == "Examples"]
        if not graphs or not raw or made.type not in ("TransformGraph", "Examples"):
            return {}
        graph = self._content(graphs[0])
        name = self._name(raw[0])
        return {"columnLineage": facets.column_lineage_facet(graph, self.namespace, name)} if graph else {}

    def _dataset(self, artifact: ArtifactRecord, more: Mapping[str, Json] | None = None) -> dict[str, Json]:
        told: dict[str, Json] = {
            "version": facet("DatasetVersionDatasetFacet", datasetVersion=artifact.digest or f"artifact:{artifact.id}"),
            "dataSource": facet("DatasourceDatasetFacet", name=artifact.type, uri=_uri(artifact.path)),
            "headrace_artifact": own_facet(
                "ArtifactDatasetFacet", id=artifact.id, type=artifact.type, properties=dict(artifact.properties)
            ),
        }
        if schema := facets.schema_facet(self._content(artifact)):
            told["schema"] = schema
        stored = self.snapshot.by_artifact.get(artifact.id)
        if stored and stored.state == "DELETED":
            told["lifecycleStateChange"] = facet("LifecycleStateChangeDatasetFacet", lifecycleStateChange="DROP")
        return {"namespace": self.namespace, "name": self._name(artifact), "facets": {**told, **(more or {})}}

    def _name(self, artifact: ArtifactRecord) -> str:
        """Name a dataset by the output that its artifacts are versions of; what no node made, by its place."""
        made = self.snapshot.made_by(artifact.id)
        return self._output(made) if made else artifact.path

    def _output(self, edge: Edge) -> str:
        maker = self.snapshot.by_execution[edge.execution]
        place = f"[{edge.index}]" if edge.index else ""
        return f"{maker.pipeline or maker.type}.{maker.node}.{edge.name}{place}"

    def _content(self, artifact: ArtifactRecord | None) -> Table:
        return content(self.snapshot, artifact.id) if artifact else {}


def _own(execution: Execution) -> Facet:
    key = execution.key
    return own_facet(
        "ExecutionRunFacet",
        execution=execution.id,
        state=state_of(execution),
        attempt=execution.attempt,
        reason=reason_of(execution) or None,
        cachedExecution=execution.status.execution if isinstance(execution.status, Cached) else None,
        key=key.digest if key else None,
        keyParts=dict(key.parts) if key else None,
        sources=dict(key.sources) if key else None,
    )


def _run_id(execution: Execution) -> str:
    """Make the id of a run from the name of an execution, which is unique where headrace wrote it."""
    return _uuid(execution.name if execution.run else f"execution:{execution.id}")


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:headrace:{name}"))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _uri(path: str) -> str:
    return path if "://" in path else f"file://{path}"
