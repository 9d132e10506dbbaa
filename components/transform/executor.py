"""Fit a `preprocessing_fn` on Beam, then apply it to all splits in this process."""

from collections.abc import Callable, Mapping, Sequence

import tensorflow_transform as tft
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tensorflow_transform.tf_metadata import dataset_metadata, metadata_io

import headrace.keras.setup  # noqa: F401  which Keras this process has, before anything asks
from components.transform.analysis import analyze
from components.transform.application import Application
from components.transform.failures import told
from components.transform.preprocessing import Preprocessing
from components.transform.preview import preview_examples, preview_graph
from headrace import progress
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import files_of
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.errors import DataError


def analyze_and_transform(
    examples: Examples,
    schema: Schema,
    preprocessing_fn: Callable[..., object],
    custom_config: Mapping[str, object],
    analyze_splits: Sequence[str],
    materialize: bool,
    transform_graph: TransformGraph,
    transformed_examples: Examples,
) -> None:
    """Write the fitted function, and what it makes of every split."""
    raw = text_format.Parse(schema.file.read_text(encoding="utf-8"), schema_pb2.Schema())
    preprocessing = Preprocessing(preprocessing_fn, custom_config)
    with told(preprocessing_fn.__name__):
        analyze(_files_with_rows(examples, analyze_splits), raw, preprocessing, transform_graph.path)
    metadata_io.write_metadata(dataset_metadata.DatasetMetadata(raw), str(transform_graph.raw_schema_file.parent))
    preview_graph(transform_graph, preprocessing)
    made = tft.TFTransformOutput(str(transform_graph.path)).transformed_metadata.schema
    application = Application(transform_graph.transform_fn, raw, made)
    with told(preprocessing_fn.__name__):
        _apply(application, examples, examples.split_names if materialize else (), transformed_examples)
    for name in ("span", "version"):
        if name in examples.properties:
            transformed_examples.properties[name] = examples.properties[name]
    preview_examples(transformed_examples)


def _files_with_rows(examples: Examples, splits: Sequence[str]) -> list[str]:
    files = [str(file) for split in splits for file in files_of(examples, split)]
    if not sum(examples.rows[split] for split in splits):
        raise DataError(
            found=f"no rows in the splits {list(splits)} of {examples.path}",
            expected="rows to fit the function to",
            do="Correct analyze_splits, or the splits of the ExampleGen",
        )
    return files


def _apply(application: Application, examples: Examples, splits: Sequence[str], transformed: Examples) -> None:
    rows: dict[str, int] = {}
    total = sum(examples.rows[split] for split in splits)
    for split in splits:
        with SplitWriter(transformed.split_folder(split), f"{PART}00000", application.columns) as writer:
            for file in files_of(examples, split):
                for batch in application.batches(file):
                    writer.write(batch)
                    progress.report("rows", sum(rows.values()) + writer.rows, total, f"transform {split}")
        rows[split] = writer.rows
    seal(transformed, application.columns, rows)
