import json
from collections.abc import Callable
from pathlib import Path

import pytest

from components.tuner.executor import search
from headrace import progress
from headrace.artifacts.hyperparameters import HyperParameters, TunerResults
from headrace.errors import UserCodeError
from headrace.user_code import work
from headrace.user_code.fn_args import SplitArgs
from tests.components import passenger_models
from tests.components.passengers import fitted, made

TRAIN, EVAL = SplitArgs(splits=("train",)), SplitArgs(splits=("eval",))


def searched(
    folder: Path, tuner_fn: Callable[..., object] = passenger_models.tuner_fn
) -> tuple[HyperParameters, TunerResults]:
    work.use(folder / "work")
    best, results = made(HyperParameters, folder / "best"), made(TunerResults, folder / "results")
    done = fitted()
    search(done.transformed, done.graph, done.schema, None, tuner_fn, TRAIN, EVAL, {"trials": 2}, 5, best, results)  # type: ignore[arg-type]  # some return what they must not
    return best, results


def test_writes_the_best_hyperparameters_and_all_trials(tmp_path: Path) -> None:
    best, results = searched(tmp_path)
    trials = results.read()
    assert [trial.status for trial in trials] == ["completed", "completed"]
    first, second = (trial.score for trial in trials)
    assert first is not None
    assert second is not None
    assert first <= second
    assert best.read()["values"] == dict(trials[0].values)
    assert json.loads(results.preview_file.read_text())["summary"].startswith("2 trials, 0 failed, best val_loss 0.")


def test_goes_on_where_it_was_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        searched(tmp_path / "first", passenger_models.stops_in_the_second_trial)
    (tmp_path / "second").mkdir()
    (tmp_path / "first" / "work").rename(tmp_path / "second" / "work")
    trials: list[float | None] = []
    monkeypatch.setattr(progress, "_sink", lambda what, done, *_: trials.append(done) if what == "trial" else None)
    _, results = searched(tmp_path / "second", passenger_models.stops_in_the_second_trial)
    assert trials == [2]
    assert len(results.read()) == 2


def test_says_why_every_trial_failed(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match=r"trials failed .*no such loss"):
        searched(tmp_path, passenger_models.fails_in_every_trial)


def test_refuses_what_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match="returns_a_tuner returned RandomSearch"):
        searched(tmp_path, passenger_models.returns_a_tuner)
