"""A store as TFX leaves it, written with `ml_metadata` alone: two runs of one pipeline, payloads beside it."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb
from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2

SCRIPT = "</script><script>alert(1)</script>"
RUNS = ("2021-05-01T10:00:00.000000", "2021-05-02T10:00:00.000000")
COMPONENTS = "tfx.components"
SCHEMA = """feature { name: "fare" type: FLOAT presence { min_fraction: 1.0 } float_domain { min: 0 max: 500 } }
feature {
  name: "company"  # a comment
  type: BYTES
  domain: "company"
}
string_domain { name: "company" value: "Blue" value: "Yell\\303\\266w" }
"""


@dataclass
class TfxStore:
    """Writes what TFX's local runner writes; `file` is the database, `root` the pipeline's folder."""

    folder: Path
    runs: tuple[str, ...] = RUNS
    types: dict[str, int] = field(default_factory=dict)
    contexts: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.file, self.root = self.folder / "metadata.db", self.folder / "pipelines" / "taxi"
        self.root.mkdir(parents=True)
        source = pb.SqliteMetadataSourceConfig(filename_uri=str(self.file))
        self.mlmd = MetadataStore(pb.ConnectionConfig(sqlite=source))

    def context(self, kind: str, name: str) -> Any:
        if kind not in self.types:
            self.types[kind] = self.mlmd.put_context_type(pb.ContextType(name=kind))
        if (kind, name) not in self.contexts:
            (number,) = self.mlmd.put_contexts([pb.Context(type_id=self.types[kind], name=name)])
            self.contexts[kind, name] = number
        return pb.Context(id=self.contexts[kind, name], type_id=self.types[kind], name=name)

    def artifact(self, kind: str, node: str, run: int, output: str) -> Any:
        if kind not in self.types:
            properties = {"span": pb.INT, "split_names": pb.STRING} if kind != "Schema" else {}
            self.types[kind] = self.mlmd.put_artifact_type(pb.ArtifactType(name=kind, properties=properties))
        place = self.root / node / output / str(run)
        place.mkdir(parents=True)
        made = pb.Artifact(type_id=self.types[kind], uri=str(place), state=pb.Artifact.LIVE)
        if kind != "Schema":
            made.properties["span"].int_value = run
            made.properties["split_names"].string_value = json.dumps(["train", "eval"])
        made.custom_properties["tfx_version"].string_value = "1.2.0"
        made.custom_properties["note"].string_value = SCRIPT
        return made

    def node(self, kind: str, node: str, run: int, inputs: Mapping[str, int], outputs: Mapping[str, str]) -> list[int]:
        """Record an execution that made an artifact of each of these types."""
        if kind not in self.types:
            self.types[kind] = self.mlmd.put_execution_type(pb.ExecutionType(name=kind))
        execution = pb.Execution(type_id=self.types[kind], last_known_state=pb.Execution.COMPLETE)
        execution.custom_properties["module_file"].string_value = "taxi_utils.py"
        read = [(None, _event(pb.Event.INPUT, name, number)) for name, number in inputs.items()]
        made = [
            (self.artifact(type_id, node, run, name), _event(pb.Event.OUTPUT, name))
            for name, type_id in outputs.items()
        ]
        contexts = [
            self.context("pipeline", "taxi"),
            self.context("pipeline_run", self.runs[run]),
            self.context("node", f"taxi.{node}"),
        ]
        _, numbers, _ = self.mlmd.put_execution(execution, [*read, *made], contexts)
        return list(numbers[len(read) :])


def _event(kind: int, name: str, artifact: int = 0) -> Any:
    steps = [pb.Event.Path.Step(key=name), pb.Event.Path.Step(index=0)]
    return pb.Event(type=kind, artifact_id=artifact or None, path=pb.Event.Path(steps=steps))


def write_tfx_store(folder: Path, runs: tuple[str, ...] = RUNS) -> TfxStore:
    """Write two runs: examples, statistics, schema, anomalies, a model and its logs; the second one's model is gone."""
    store = TfxStore(folder, runs)
    for run in range(len(runs)):
        (examples,) = store.node(
            f"{COMPONENTS}.example_gen.csv_example_gen.component.CsvExampleGen",
            "CsvExampleGen",
            run,
            {},
            {"examples": "Examples"},
        )
        (statistics,) = store.node(
            f"{COMPONENTS}.statistics_gen.component.StatisticsGen",
            "StatisticsGen",
            run,
            {"examples": examples},
            {"statistics": "ExampleStatistics"},
        )
        (schema,) = store.node(
            f"{COMPONENTS}.schema_gen.component.SchemaGen",
            "SchemaGen",
            run,
            {"statistics": statistics},
            {"schema": "Schema"},
        )
        store.node(
            f"{COMPONENTS}.example_validator.component.ExampleValidator",
            "ExampleValidator",
            run,
            {"statistics": statistics, "schema": schema},
            {"anomalies": "ExampleAnomalies"},
        )
        store.node(
            f"{COMPONENTS}.trainer.component.Trainer",
            "Trainer",
            run,
            {"examples": examples, "schema": schema},
            {"model": "Model", "model_run": "ModelRun"},
        )
        _write_payloads(store.root, run)
    (store.root / "Trainer" / "model" / "1").rmdir()
    return store


def _write_payloads(root: Path, run: int) -> None:
    for split, rows in (("train", 80), ("eval", 20)):
        statistics = root / "StatisticsGen" / "statistics" / str(run) / f"Split-{split}"
        statistics.mkdir()
        (statistics / "FeatureStats.pb").write_bytes(statistics_of(rows).SerializeToString())
        anomalies = root / "ExampleValidator" / "anomalies" / str(run) / f"Split-{split}"
        anomalies.mkdir()
        (anomalies / "SchemaDiff.pb").write_bytes(anomalies_of(split == "eval").SerializeToString())
    (root / "SchemaGen" / "schema" / str(run) / "schema.pbtxt").write_text(SCHEMA, encoding="utf-8")
    write_events(root / "Trainer" / "model_run" / str(run) / "events.out.tfevents.1.host", {"loss": [3.0, 2.0, 1.0]})


def statistics_of(rows: int) -> Any:
    """Make statistics of a number and a text."""
    found = statistics_pb2.DatasetFeatureStatisticsList()
    dataset = found.datasets.add(num_examples=rows)
    fare = dataset.features.add(type=statistics_pb2.FeatureNameStatistics.FLOAT)
    fare.path.step.append("fare")
    numbers = fare.num_stats
    numbers.common_stats.num_non_missing, numbers.common_stats.num_missing = rows - 2, 2
    numbers.mean, numbers.std_dev, numbers.min, numbers.max, numbers.median = 12.5, 3.0, -1.0, float("inf"), 11.0
    numbers.num_zeros = 1
    numbers.histograms.add(type=statistics_pb2.Histogram.STANDARD).buckets.add(
        low_value=0, high_value=20, sample_count=rows - 2
    )
    quantiles = numbers.histograms.add(type=statistics_pb2.Histogram.QUANTILES)
    for low in range(10):
        quantiles.buckets.add(low_value=low, high_value=low + 1, sample_count=rows / 10)
    company = dataset.features.add(name="company", type=statistics_pb2.FeatureNameStatistics.STRING)
    company.string_stats.common_stats.num_non_missing = rows
    company.string_stats.unique, company.string_stats.avg_length = 2, 4.5
    company.string_stats.top_values.add(value=f"Blue {SCRIPT}", frequency=rows - 5)
    return found


def anomalies_of(is_bad: bool) -> Any:
    found = anomalies_pb2.Anomalies()
    if is_bad:
        info = found.anomaly_info["company"]
        info.severity = anomalies_pb2.AnomalyInfo.ERROR
        info.short_description, info.description = "Unexpected string values", "Examples contain values: Red."
    return found


def write_events(file: Path, curves: Mapping[str, list[float]]) -> None:
    """Write an event file with scalars, as TensorBoard reads it; checksums are left zero."""
    records = [_fixed(1, 1.6e9) + b"\x1a\x0dbrain.Event:2"]
    for tag, values in curves.items():
        for step, value in enumerate(values):
            scalar = _bytes(1, tag.encode()) + b"\x15" + struct.pack("<f", value)
            records.append(_fixed(1, 1.6e9 + step) + b"\x10" + bytes([step]) + _bytes(5, _bytes(1, scalar)))
    framed = [struct.pack("<QI", len(record), 0) + record + struct.pack("<I", 0) for record in records]
    file.write_bytes(b"".join(framed))


def _fixed(number: int, value: float) -> bytes:
    return bytes([number << 3 | 1]) + struct.pack("<d", value)


def _bytes(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content
