"""Computes statistics of every split, with TFDV on Beam."""

from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import statistics_pb2

from components.statistics_gen.preview import describe
from headrace.artifacts.examples import Examples
from headrace.artifacts.preview import write_preview
from headrace.artifacts.schema import Schema
from headrace.artifacts.schema_text import read_schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.beam.direct_runner import beam_pipeline
from headrace.beam.sources import read_split
from headrace.errors import ConfigError, DataError

QUANTILES = 100
"""Buckets of the quantile histograms: from them drift is measured, and ten, TFDV's default, are too rough for it."""
QUANTILE_ERROR = 0.001


def compute_statistics(
    examples: Examples, schema: Schema | None, exclude_splits: Sequence[str], statistics: ExampleStatistics
) -> None:
    """Compute the statistics of every split that is not excluded; raises DataError for a split without rows."""
    splits = _splits_of(examples, exclude_splits)
    options = tfdv.StatsOptions(
        schema=read_schema(schema.file) if schema else None,
        num_quantiles_histogram_buckets=QUANTILES,
        epsilon=QUANTILE_ERROR,
    )
    for split in splits:
        _compute(examples, split, options, statistics.split_file(split))
    statistics.span = examples.span
    statistics.split_names = splits
    found = {split: _read(statistics.split_file(split)).datasets[0] for split in splits}
    features = len(next(iter(found.values())).features)
    rows = ", ".join(f"{dataset.num_examples:,} {split}" for split, dataset in found.items())
    write_preview(
        statistics, f"{features} features; rows: {rows}", {"splits": {s: describe(d) for s, d in found.items()}}
    )


def _splits_of(examples: Examples, exclude_splits: Sequence[str]) -> list[str]:
    names = examples.split_names
    splits = [split for split in names if split not in exclude_splits]
    unknown = sorted({*exclude_splits} - {*names})
    if unknown or not splits:
        raise ConfigError(
            found=f"exclude_splits={list(exclude_splits)}{f', of which {unknown} do not exist' if splits else ''}",
            expected=f"some of {names}, and not all",
            do="Correct `exclude_splits`",
        )
    if empty := [split for split in splits if not examples.rows[split]]:
        raise DataError(
            found=f"no rows in {empty} of {examples.path}",
            expected="rows in every split",
            do="Give the split a bigger part, bring more rows, or name it in `exclude_splits`",
        )
    return splits


def _compute(examples: Examples, split: str, options: tfdv.StatsOptions, file: Path) -> None:
    file.parent.mkdir()
    with beam_pipeline(f"StatisticsGen {split}") as pipeline:
        (
            read_split(pipeline, examples, split)
            | "Statistics" >> tfdv.GenerateStatistics(options)
            | "Write" >> beam.Map(_write, str(file))
        )


def _write(found: statistics_pb2.DatasetFeatureStatisticsList, file: str) -> None:
    """Write statistics, features by name: their order is that of a hash table."""
    (dataset,) = found.datasets
    features = sorted(dataset.features, key=lambda feature: [*feature.path.step])
    del dataset.features[:]
    dataset.features.extend(features)
    Path(file).write_bytes(found.SerializeToString(deterministic=True))


def _read(file: Path) -> statistics_pb2.DatasetFeatureStatisticsList:
    return statistics_pb2.DatasetFeatureStatisticsList.FromString(file.read_bytes())
