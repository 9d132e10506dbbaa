"""What a page shows of a search.

TunerResults: `{"objective", "trials": [{"id", "status", "score", "best_step", "values", "message"}]}`, best first.
HyperParameters: `{"values": {name: value}}`.
"""

from collections.abc import Sequence
from dataclasses import asdict

from headrace.artifacts.hyperparameters import HyperParameters, Trial, TunerResults
from headrace.artifacts.preview import write_preview


def preview_trials(results: TunerResults, objective: str, trials: Sequence[Trial]) -> None:
    failed = sum(trial.status == "failed" for trial in trials)
    summary = f"{len(trials)} trials, {failed} failed, best {objective} {trials[0].score:.4g}"
    write_preview(results, summary, {"objective": objective, "trials": [asdict(trial) for trial in trials]})


def preview_best(hyperparameters: HyperParameters, best: Trial) -> None:
    summary = ", ".join(f"{name} {value}" for name, value in best.values.items())
    write_preview(hyperparameters, summary, {"values": dict(best.values)})
