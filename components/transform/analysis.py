"""Fit a `preprocessing_fn`: the full passes over the data that its analyzers ask for, on Beam."""

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import apache_beam as beam
import pyarrow as pa
import tensorflow_transform.beam as tft_beam
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from tensorflow_metadata.proto.v0 import schema_pb2

from components.transform.canonical import make_canonical
from headrace.beam.direct_runner import beam_pipeline
from headrace.beam.options import runs_in_process
from headrace.beam.progress import count
from headrace.beam.sources import untouched
from headrace.errors import HeadraceError
from headrace.user_code.list_batches import Portion, portions, read
from headrace.user_code.tensors import Tensors

log = logging.getLogger(__name__)

THIRD_PASS = "[Phase2]"
"""What tensorflow-transform names the steps of analyzers that need analyzers that need analyzers."""


class ReadPortion(beam.DoFn):  # type: ignore[misc]  # Beam has no types
    """Read the rows of a portion as lists; only the name of the portion goes through Beam."""

    def __init__(self, schema: bytes) -> None:
        super().__init__()
        self._serialized = schema

    def setup(self) -> None:
        self._schema = schema_pb2.Schema.FromString(self._serialized)

    def process(self, element: Portion) -> Iterator[pa.RecordBatch]:
        try:
            for batch in read(element, self._schema):
                yield batch
                count(batch.num_rows)
        except HeadraceError as error:
            raise untouched(error)  # noqa: B904  the same error


def analyze(
    patterns: Sequence[str], schema: schema_pb2.Schema, preprocessing_fn: Callable[..., object], folder: Path
) -> None:
    """Fit the function to the rows, and write it and the schema of what it makes below `folder`."""
    with TemporaryDirectory(prefix="headrace-transform-") as scratch:
        with tft_beam.Context(temp_dir=scratch), beam_pipeline("analyze") as pipeline:
            rows = (
                pipeline
                | "Portions" >> beam.Create(portions(patterns), reshuffle=not runs_in_process())
                | "Read" >> beam.ParDo(ReadPortion(schema.SerializeToString())).with_output_types(pa.RecordBatch)
            )
            fitted = (rows, Tensors(schema).config) | "Analyze" >> tft_beam.AnalyzeDataset(preprocessing_fn)
            fitted | "Write" >> tft_beam.WriteTransformFn(str(folder))
            _choose_runner(pipeline)
        make_canonical(folder / "transform_fn", scratch)


def _choose_runner(pipeline: beam.Pipeline) -> None:
    """Change to the runner that can order three passes; the usual one leaves bundles over."""
    if runs_in_process() and any(THIRD_PASS in label for label in pipeline.applied_labels):
        log.warning("analyzers nested three deep: run on Beam's bundle-based DirectRunner, slower than the usual one")
        pipeline.runner = BundleBasedDirectRunner()
