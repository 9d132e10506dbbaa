"""Asks a model about the rows of some splits, measures its answers and records what speaks against it."""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from components.evaluator.config import EvaluationConfig
from components.evaluator.curves import curves_of
from components.evaluator.judging import Judgement, judge
from components.evaluator.metrics import metrics_of
from components.evaluator.report import report_of
from components.evaluator.scored import Scored
from components.evaluator.scoring import BATCH, score
from headrace.artifacts.evaluation import ModelBlessing, ModelEvaluation, plain
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import arrow_schema, read_batches
from headrace.artifacts.model import Model
from headrace.artifacts.preview import write_preview
from headrace.serving.encode import keep
from headrace.serving.model import ServingModel, load_model
from headrace.serving.predict import keep_requests
from headrace.serving.signature import AsExamples, feed_of

PREVIEWED, KEPT = 100, 8
"""Slices in a preview; rows that are kept with a blessing."""


def evaluate(
    examples: Examples,
    model: Model,
    baseline: Model | None,
    config: EvaluationConfig,
    evaluation: ModelEvaluation,
    blessing: ModelBlessing,
) -> None:
    """Write the metrics by slice, and the reasons against a blessing."""
    models = [load_model(given.serving, config.signature) for given in (model, baseline) if given]
    scored = score(_batches(examples, config), models, config)
    judgement = judge(scored, config)
    content = _content(examples, models[0], scored, judgement, config)
    evaluation.write(content)
    evaluation.report.write_text(report_of(content), encoding="utf-8")
    blessing.write(judgement.refusals)
    _keep_requests(examples, models[0], config, blessing)
    _set_properties(model, evaluation, blessing, judgement)
    _preview(evaluation, blessing, judgement, content)


def _batches(examples: Examples, config: EvaluationConfig) -> Iterator[pa.RecordBatch]:
    for split in config.splits:
        yield from read_batches(examples, split, rows=BATCH)


def _keep_requests(examples: Examples, model: ServingModel, config: EvaluationConfig, blessing: ModelBlessing) -> None:
    """Keep a few rows with the model's answers, for whoever serves a copy of it."""
    rows = next(batch for batch in _batches(examples, config) if batch.num_rows).slice(0, KEPT)
    keep_requests(blessing.requests, model, keep(rows, [name for name in rows.schema.names if name != config.label]))


def _content(
    examples: Examples, model: ServingModel, scored: Scored, judgement: Judgement, config: EvaluationConfig
) -> dict[str, object]:
    columns = [name for name in arrow_schema(examples).names if name != config.label]
    metrics = metrics_of(config.task, config.decision_threshold)
    return {
        "version": 1,
        "task": config.task,
        "label": config.label,
        "splits": list(config.splits),
        "signature": config.signature,
        "fed": "tf.Examples" if isinstance(feed_of(model.inputs, columns), AsExamples) else "features by name",
        "rows": len(scored.y),
        "rows_without_label": scored.without_label,
        "rows_not_finite": scored.not_finite[0],
        "metrics": {name: {"better": metrics[name].better, "is": metrics[name].words} for name in config.measured},
        "slices": plain(judgement.slices),
        "checks": plain(judgement.checks),
        "refusals": list(judgement.refusals),
        "curves": curves_of(scored.y, scored.predictions[0], config),
    }


def _set_properties(model: Model, evaluation: ModelEvaluation, blessing: ModelBlessing, judgement: Judgement) -> None:
    overall = judgement.slices[0]
    evaluation.rows = overall.rows
    evaluation.metrics = {name: value for name, value in overall.model.items() if value is not None}
    if (span := Model.span.of(model)) is not None:
        evaluation.span = blessing.span = span


def _preview(
    evaluation: ModelEvaluation, blessing: ModelBlessing, judgement: Judgement, content: Mapping[str, object]
) -> None:
    overall = judgement.slices[0]
    values = ", ".join(f"{name} {value:.4g}" for name, value in overall.model.items() if value is not None)
    shown = {**content, "slices": plain(judgement.slices[:PREVIEWED]), "slices_in_all": len(judgement.slices)}
    write_preview(evaluation, f"{overall.rows} rows: {values}", shown)
    verdict = f"not blessed: {'; '.join(judgement.refusals)}" if judgement.refusals else "blessed"
    write_preview(blessing, verdict, {"refusals": list(judgement.refusals), "checks": plain(judgement.checks)})
