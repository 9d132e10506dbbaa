"""Makes a schema: the curated one, or one inferred from statistics."""

from collections.abc import Sequence
from pathlib import Path

import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2

from components.schema_gen.preview import describe
from headrace.artifacts.preview import write_preview
from headrace.artifacts.schema import Schema
from headrace.artifacts.schema_text import read_schema, write_schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.errors import ConfigError, DataError


def make_schema(
    statistics: ExampleStatistics,
    curated: str | None,
    infer_feature_shape: bool,
    exclude_splits: Sequence[str],
    schema: Schema,
) -> None:
    """Write the curated schema in one form, or infer one from every split that is not excluded."""
    made = _curated(Path(curated)) if curated else _inferred(statistics, infer_feature_shape, exclude_splits)
    write_schema(made, schema.file)
    origin = f"curated in {curated}" if curated else "inferred"
    write_preview(schema, f"{len(made.feature)} features, {origin}", {"features": describe(made)})


def _curated(file: Path) -> schema_pb2.Schema:
    found = read_schema(file)
    names = [feature.name for feature in found.feature]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise DataError(
            found=f"{file}: {f'{twice} twice' if twice else 'no feature'}",
            expected="every feature once",
            do="Correct the schema",
        )
    return found


def _inferred(
    statistics: ExampleStatistics, infer_feature_shape: bool, exclude_splits: Sequence[str]
) -> schema_pb2.Schema:
    splits = [split for split in statistics.split_names if split not in exclude_splits]
    if not splits:
        raise ConfigError(
            found=f"exclude_splits={list(exclude_splits)}, all of {statistics.split_names}",
            expected="a split to infer the schema from",
            do="Correct `exclude_splits`",
        )
    found = [_read(statistics.split_file(split)) for split in splits]
    if empty := [split for split, one in zip(splits, found, strict=True) if not one.datasets[0].num_examples]:
        raise DataError(
            found=f"statistics of no rows for {empty} in {statistics.path}",
            expected="rows in every split that the schema is inferred from",
            do="Bring rows, name the split in `exclude_splits`, or give a `curated` schema",
        )
    schema = tfdv.infer_schema(found[0], infer_feature_shape=infer_feature_shape)
    for further in found[1:]:
        schema = tfdv.update_schema(schema, further, infer_feature_shape)
    return schema


def _read(file: Path) -> statistics_pb2.DatasetFeatureStatisticsList:
    return statistics_pb2.DatasetFeatureStatisticsList.FromString(file.read_bytes())
