"""The trials of a keras-tuner search: reported while it goes on, and as a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import Any

from headrace import progress
from headrace.artifacts.hyperparameters import Trial
from headrace.errors import UserCodeError
from headrace.user_code.kept_errors import first_kept

COMPLETED, FAILED = "COMPLETED", "FAILED"


@contextmanager
def reported(tuner: Any) -> Iterator[None]:
    """Report each trial of a tuner when it ends, with the best score so far."""
    original = tuner.on_trial_end

    def on_trial_end(trial: Any) -> None:
        original(trial)
        ended = [t for t in tuner.oracle.trials.values() if t.status not in ("RUNNING", "IDLE")]
        best = tuner.oracle.get_best_trials(1)
        score = f"best {tuner.oracle.objective.name} {best[0].score:.4g}" if best and best[0].score is not None else ""
        progress.report("trial", len(ended), tuner.oracle.max_trials, score)

    tuner.on_trial_end = on_trial_end
    try:
        yield
    finally:
        del tuner.on_trial_end


def search_all(tuner: Any, fit_kwargs: Mapping[str, Any]) -> None:
    """Search to the end; too many failures in a row end it, and `trials_of` says which."""
    with reported(tuner):
        try:
            tuner.search(**fit_kwargs)
        except RuntimeError:
            failed = [trial for trial in tuner.oracle.trials.values() if trial.status == FAILED]
            if len(failed) < tuner.oracle.max_consecutive_failed_trials:
                raise
            if error := first_kept():
                raise error from None
            raise _none_completed([_trial(trial) for trial in failed]) from None


def trials_of(tuner: Any) -> list[Trial]:
    """Return all trials, best first and failed ones last; raises UserCodeError when none completed."""
    kept = [_trial(trial) for _, trial in sorted(tuner.oracle.trials.items())]
    sign = -1 if tuner.oracle.objective.direction == "max" else 1
    completed = sorted((t for t in kept if t.score is not None), key=lambda t: sign * (t.score or 0.0))
    failed = [trial for trial in kept if trial.score is None]
    if not completed:
        raise _none_completed(failed)
    return [*completed, *failed]


def _none_completed(failed: Sequence[Trial]) -> UserCodeError:
    return UserCodeError(
        found=f"{len(failed)} trials failed{_last_line(failed)}",
        expected="trials that end with a finite score",
        do="Correct the hypermodel, or narrow the search space",
    )


def _trial(trial: Any) -> Trial:
    good = trial.status == COMPLETED and trial.score is not None and isfinite(trial.score)
    return Trial(
        id=trial.trial_id,
        status="completed" if good else "failed",
        score=float(trial.score) if good else None,
        best_step=int(trial.best_step or 0),
        values=dict(trial.hyperparameters.values),
        message="" if good else _end_of(trial.message or f"score {trial.score}"),
    )


def _end_of(message: str) -> str:
    """Pick the exception's own line out of a traceback."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Warning)\b: (?!in user code)", line)]
    return [*lines, *named][-1] if lines else ""


def _last_line(failed: Sequence[Trial]) -> str:
    return f" ({failed[-1].message})" if failed else ""
