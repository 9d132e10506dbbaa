"""What a model of late arrivals is measured by, and what it must reach to be pushed."""

from components.evaluator.config import Bound, Drop, EvaluationConfig, Slicing

EVALUATION = EvaluationConfig(
    label="late",
    splits=("test",),
    metrics=("auc", "accuracy", "log_loss", "calibration", "calibration_error"),
    slices=(Slicing(by=("carrier",)), Slicing(by=("origin",))),
    minimum_rows=200,
    bounds=(
        Bound(metric="auc", at_least=0.6),
        Bound(metric="auc", at_least=0.55, by=("origin",)),
        Bound(metric="calibration", at_least=0.8, at_most=1.25),
    ),
    drops=(Drop(metric="auc", at_most=0.03), Drop(metric="log_loss", at_most=0.02)),
)
