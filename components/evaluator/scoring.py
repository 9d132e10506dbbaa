"""Asks the models about every row, batch by batch; only labels, predictions and slice values stay in memory."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components.evaluator.config import EvaluationConfig
from components.evaluator.labels import check_probabilities, labels_of, predictions_of
from components.evaluator.metrics import Floats
from components.evaluator.scored import Scored
from components.evaluator.slicing import Column, ColumnMaker, single
from headrace.errors import DataError
from headrace.progress import report
from headrace.serving.encode import keep
from headrace.serving.model import ServingModel
from headrace.serving.predict import predict

BATCH = 8192


class Scoring:
    """Asks models about rows, and gathers what they say."""

    def __init__(self, models: Sequence[ServingModel], config: EvaluationConfig) -> None:
        self.models, self.config = models, config
        bins = {name: edges for slicing in config.slices for name, edges in slicing.bins.items()}
        names = dict.fromkeys(name for slicing in config.slices for name in slicing.by)
        self.columns = {name: ColumnMaker(name, bins.get(name, ())) for name in names}
        self.labels: list[Floats] = []
        self.predictions: list[list[Floats]] = [[] for _ in models]
        self.without_label = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Ask about the rows of a batch that have a label; the models do not see the label."""
        _check_columns(batch, self.config)
        label = single(self.config.label, batch.column(self.config.label))
        has_label = _is_there(label)
        self.without_label += len(label) - has_label.true_count
        rows = batch.filter(has_label)
        if not rows.num_rows:
            return
        self.labels.append(labels_of(label.filter(has_label), self.config))
        asked = keep(rows, [name for name in rows.schema.names if name != self.config.label])
        for model, predictions in zip(self.models, self.predictions, strict=True):
            predictions.append(predictions_of(predict(model, asked), self.config))
        for name, maker in self.columns.items():
            maker.add(rows.column(name))

    def made(self) -> Scored:
        """Put the batches together, without the rows that a model answers with numbers that are not finite."""
        if not self.labels:
            raise DataError(
                found=f"no row with a label {self.config.label!r} in the splits {list(self.config.splits)}"
                f" ({self.without_label} rows without)",
                expected="rows to evaluate on",
                do="Choose other splits, or look at what ExampleGen made",
            )
        y = np.concatenate(self.labels)
        predictions = [np.concatenate(parts) for parts in self.predictions]
        finite = [np.isfinite(part).reshape(len(y), -1).all(axis=1) for part in predictions]
        keep = np.logical_and.reduce(finite)
        for part, good in zip(predictions, finite, strict=True):
            check_probabilities(part[good], self.config)
        columns = {name: maker.made() for name, maker in self.columns.items()}
        return Scored(
            y=y[keep],
            predictions=[part[keep] for part in predictions],
            columns={name: Column(column.values, column.codes[keep]) for name, column in columns.items()},
            without_label=self.without_label,
            not_finite=[int((~good).sum()) for good in finite],
        )


def score(batches: Iterator[pa.RecordBatch], models: Sequence[ServingModel], config: EvaluationConfig) -> Scored:
    """Ask the models about all rows."""
    scoring, done = Scoring(models, config), 0
    for batch in batches:
        for start in range(0, batch.num_rows, BATCH):
            scoring.add(batch.slice(start, BATCH))
        done += batch.num_rows
        report("rows", done)
    return scoring.made()


def _is_there(label: pa.Array) -> pa.BooleanArray:
    """Tell where there is a value; `is_null(nan_is_null=True)` segfaults on pyarrow 10 where nothing is missing."""
    if not pa.types.is_floating(label.type):
        return label.is_valid()
    return pc.invert(pc.fill_null(pc.is_nan(label), True))


def _check_columns(batch: pa.RecordBatch, config: EvaluationConfig) -> None:
    wanted = [config.label, *(name for slicing in config.slices for name in slicing.by)]
    if missing := sorted(set(wanted) - set(batch.schema.names)):
        raise DataError(
            found=f"examples without the columns {missing}; they have {sorted(batch.schema.names)}",
            expected="the label and every column that slices name",
            do="Correct EvaluationConfig, or feed the raw examples",
        )
