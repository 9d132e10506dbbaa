"""What a model of the species is measured by, and what it must reach to be pushed."""

from components.evaluator.config import Bound, Drop, EvaluationConfig, Slicing

EVALUATION = EvaluationConfig(
    label="species",
    task="multiclass",
    classes=("Adelie", "Chinstrap", "Gentoo"),  # as SPECIES in features.py, which a declaration must not import
    splits=("test",),
    metrics=("accuracy", "log_loss", "macro_f1"),
    slices=(Slicing(by=("island",)), Slicing(by=("sex",))),
    minimum_rows=15,
    bounds=(Bound(metric="accuracy", at_least=0.8),),
    drops=(Drop(metric="accuracy", at_most=0.15),),
)
