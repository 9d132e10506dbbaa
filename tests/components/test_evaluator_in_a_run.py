"""Evaluator and Pusher in runs: what is judged is pushed once, if at all."""

from pathlib import Path

import pytest

from components.evaluator import Drop, EvaluationConfig, Evaluator
from components.pusher import Pusher
from headrace.artifacts.model import Model
from headrace.metadata.records import Execution
from headrace.serving.destination import versions
from headrace.spec.messages import Skip
from headrace.testing import given
from headrace.workers.pool import Pool
from tests.components.evaluation_cases import make_examples, make_model, noisy_rows
from tests.conftest import Lab, states

CONFIG = EvaluationConfig(label="late", drops=(Drop(metric="log_loss", at_most=0.02),))


@pytest.mark.slow
def test_only_a_model_that_is_not_worse_than_its_baseline_is_pushed(tmp_path: Path, pool: Pool) -> None:
    runs, served = Lab(tmp_path / "runs", pool), tmp_path / "served"
    examples = make_examples(tmp_path / "examples", noisy_rows(1000))

    def judge_and_push(model: Model, baseline: Model | None = None) -> tuple[dict[str, str], dict[str, Execution]]:
        against = given(baseline) if baseline else None
        evaluator = Evaluator(examples=given(examples), model=given(model), baseline=against, config=CONFIG)
        pusher = Pusher(model=given(model), blessing=evaluator.blessing, destination=str(served))
        finished = runs.run(evaluator, pusher)
        return states(finished), dict(finished.executions)

    good, worse = make_model(tmp_path / "good"), make_model(tmp_path / "worse", bias=2.0)
    first, executions = judge_and_push(good)
    assert set(first.values()) == {"COMPLETE"}, executions["Evaluator"].status
    again, _ = judge_and_push(good)
    assert set(again.values()) == {"CACHED"}
    _, rivals = judge_and_push(worse, good)
    assert isinstance(rivals["Pusher"].status, Skip)
    assert rivals["Pusher"].status.reason.startswith("the model is not blessed: log_loss of overall: a drop of")
    assert [found.version for found in versions(served)] == [1]
