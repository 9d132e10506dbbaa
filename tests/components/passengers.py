"""A small table with numbers, words and missing values, fitted once for all tests that train on it."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from components.transform.executor import analyze_and_transform
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.dsl.artifact import Artifact
from tests.components import passenger_features

A = TypeVar("A", bound=Artifact)
_scratch = tempfile.TemporaryDirectory(prefix="headrace-tests-")
TYPES = {"age": schema_pb2.FLOAT, "fare": schema_pb2.FLOAT, "deck": schema_pb2.INT, "port": schema_pb2.BYTES}
ALWAYS_THERE = ("fare", "deck", "port", "survived")


def made(kind: type[A], folder: Path) -> A:
    """Make an empty artifact."""
    folder.mkdir(parents=True)
    return kind(folder)


def table(rows: int, seed: int) -> pa.Table:
    random = np.random.default_rng(seed)
    kind = random.integers(1, 4, rows)
    fare = 10.0 * kind + random.normal(size=rows)
    return pa.table(
        {
            "age": pa.array(random.normal(30, 10, rows), pa.float64(), mask=random.random(rows) < 0.25),
            "fare": fare,
            "deck": kind,
            "port": np.array(["southampton", "cherbourg", "queenstown"])[random.integers(0, 3, rows)],
            "survived": (fare + random.normal(size=rows) > 20).astype(np.int64),
        }
    )


def examples_of(folder: Path, payload: str = "parquet", **splits: pa.Table) -> Examples:
    """Store tables as the splits of examples."""
    examples = made(Examples, folder)
    for split, rows in splits.items():
        with SplitWriter(examples.split_folder(split), f"{PART}0", rows.schema, payload) as writer:
            for batch in rows.to_batches():
                writer.write(batch)
    examples.span, examples.version = 3, 1
    seal(examples, next(iter(splits.values())).schema, {s: t.num_rows for s, t in splits.items()}, payload=payload)
    return examples


def schema_of(
    folder: Path, types: Mapping[str, int] = TYPES | {"survived": schema_pb2.INT}, always: Sequence[str] = ALWAYS_THERE
) -> Schema:
    schema, written = made(Schema, folder), schema_pb2.Schema()
    for name, kind in types.items():
        feature = written.feature.add(name=name, type=kind)
        if name in always:
            feature.presence.min_fraction = 1.0
            feature.shape.SetInParent()
    schema.file.write_text(text_format.MessageToString(written))
    return schema


@dataclass(frozen=True)
class Fitted:
    """What a Transform took and made."""

    examples: Examples
    schema: Schema
    graph: TransformGraph
    transformed: Examples


def fit(
    folder: Path, examples: Examples, schema: Schema, function: Callable[..., object], config: Mapping[str, object]
) -> Fitted:
    """Run Transform."""
    graph, transformed = made(TransformGraph, folder / "graph"), made(Examples, folder / "transformed")
    analyze_and_transform(examples, schema, function, config, ("train",), True, graph, transformed)
    return Fitted(examples, schema, graph, transformed)


@cache
def fitted() -> Fitted:
    """Fit the passengers once in a process."""
    folder = Path(_scratch.name)
    examples = examples_of(folder / "raw", train=table(400, 0), eval=table(150, 1))
    config = {"buckets": 4}
    return fit(folder, examples, schema_of(folder / "schema"), passenger_features.preprocessing_fn, config)
