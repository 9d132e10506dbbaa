"""Stores in the vocabularies of TFX and Kubeflow, written with plain `ml_metadata` calls."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.catalogue import Catalogue
from headrace.metadata.connection import connect
from headrace.metadata.store import Store
from headrace.storage.folder_root import FolderRoot

TFX = {"run": "pipeline_run", "pipeline": "pipeline", "node": "node"}
KUBEFLOW = {"run": "system.PipelineRun", "pipeline": "system.Pipeline"}


class Writer:
    """Writes a store as a program does that knows nothing of headrace."""

    def __init__(self, config: pb.ConnectionConfig | pb.MetadataStoreClientConfig) -> None:
        self.mlmd = MetadataStore(config)

    @classmethod
    def of_file(cls, file: Path) -> "Writer":
        config = pb.ConnectionConfig(sqlite=pb.SqliteMetadataSourceConfig(filename_uri=str(file)))
        config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
        return cls(config)

    def context(self, kind: str, name: str) -> pb.Context:
        type_id = self.mlmd.put_context_type(pb.ContextType(name=kind), can_omit_fields=True)
        if known := self.mlmd.get_context_by_type_and_name(kind, name):
            return known
        context = pb.Context(type_id=type_id, name=name)
        (context.id,) = self.mlmd.put_contexts([context])
        return context

    def artifact(self, kind: str, uri: str, **properties: int) -> pb.Artifact:
        known = pb.ArtifactType(name=kind, properties=dict.fromkeys(properties, pb.INT))
        type_id = self.mlmd.put_artifact_type(known, can_add_fields=True, can_omit_fields=True)
        artifact = pb.Artifact(type_id=type_id, uri=uri, state=pb.Artifact.LIVE)
        for name, value in properties.items():
            artifact.properties[name].int_value = value
        return artifact

    def execute(
        self,
        kind: str,
        contexts: list[pb.Context],
        read: list[Any],
        made: list[Any],
        state: int = pb.Execution.COMPLETE,
    ) -> list[int]:
        """Record an execution; return the ids of what it read and made."""
        type_id = self.mlmd.put_execution_type(pb.ExecutionType(name=kind), can_omit_fields=True)
        execution = pb.Execution(type_id=type_id, last_known_state=state)
        pairs = [(each, self._event(pb.Event.INPUT, n)) for n, each in enumerate(read)]
        pairs += [(each, self._event(pb.Event.OUTPUT, n)) for n, each in enumerate(made)]
        _, ids, _ = self.mlmd.put_execution(execution, pairs, contexts, force_reuse_context=True)
        return [int(number) for number in ids]

    @staticmethod
    def _event(kind: int, number: int) -> pb.Event:
        steps = [pb.Event.Path.Step(key=f"slot{number}"), pb.Event.Path.Step(index=0)]
        return pb.Event(type=kind, path=pb.Event.Path(steps=steps))


def tfx_store(file: Path) -> Path:
    """Write two runs of a TFX pipeline: CsvExampleGen -> Trainer -> Oddity; the second one's Trainer fails."""
    write_tfx(Writer.of_file(file))
    return file


def write_tfx(writer: Writer, mark: str = "") -> None:
    """Write the runs; the mark is part of every name, for a store that others write to."""
    taxi = f"taxi{mark}"
    pipeline = writer.context("pipeline", taxi)
    for day, state in (("2021-01-01", pb.Execution.COMPLETE), ("2021-01-02", pb.Execution.FAILED)):
        run = f"{day}{mark}"
        around = [pipeline, writer.context("pipeline_run", run)]
        generate, train, odd = (
            [*around, writer.context("node", f"{taxi}.{node}")] for node in ("CsvExampleGen", "Trainer", "Oddity")
        )
        examples = writer.artifact("Examples", f"/old/{run}/examples", span=1)
        (examples.id,) = writer.execute("tfx.components.CsvExampleGen", generate, [], [examples])
        made = [writer.artifact("Model", f"/old/{run}/model")] if state == pb.Execution.COMPLETE else []
        ids = writer.execute("tfx.components.Trainer", train, [examples], made, state)
        if made:
            made[0].id = ids[1]
            writer.execute("somebody.Oddity", odd, made, [writer.artifact("Curiosity", "")])


def real_tfx_store(file: Path) -> Path:
    """Write what TFX itself wrote of four runs."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript((Path(__file__).parent / "data" / "tfx-1.16.sql").read_text(encoding="utf-8"))
    return file


def kubeflow_store(file: Path) -> Path:
    """Write a run of Kubeflow Pipelines: its contexts have other types, and there are none of nodes."""
    writer = Writer.of_file(file)
    around = [writer.context("system.Pipeline", "iris"), writer.context("system.PipelineRun", "8f2b")]
    dataset = writer.artifact("system.Dataset", "minio://mlpipeline/a")
    (dataset.id,) = writer.execute("system.ContainerExecution", around, [], [dataset])
    writer.execute(
        "system.ContainerExecution", around, [dataset], [writer.artifact("system.Model", "minio://mlpipeline/b")]
    )
    return file


def opened(file: Path) -> Catalogue:
    """Open a store for reading."""
    return Catalogue(Store(connect(f"sqlite:{file}", read_only=True), FolderRoot(file.parent), ""))


def in_rollback_mode(file: Path) -> bool:
    """Tell whether a file has no write-ahead log, as those of TFX."""
    with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True) as database:
        return bool(database.execute("PRAGMA journal_mode").fetchone()[0] == "delete")
