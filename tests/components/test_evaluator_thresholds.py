"""What a threshold decides, and what a configuration cannot say."""

from collections.abc import Callable

import numpy as np
import pytest

from components.evaluator.config import Bound, Drop, EvaluationConfig, Slicing
from components.evaluator.judging import Judgement, judge
from components.evaluator.metrics import Floats
from components.evaluator.scored import Scored
from components.evaluator.slicing import Column
from headrace.errors import DeclarationError
from headrace.spec.codec import read, write

BY_KIND = (Slicing(by=("kind",)),)


def scored(y: Floats, *predictions: Floats, codes: Floats | None = None, not_finite: int = 0) -> Scored:
    kinds = Column(["a", "b"], np.zeros(len(y), dtype=np.int64) if codes is None else codes.astype(np.int64))
    return Scored(y=y, predictions=predictions, columns={"kind": kinds}, without_label=0, not_finite=[not_finite])


def noisy(rows: int, skill: float, seed: int) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(seed)
    y = (draw.random(rows) < 0.4).astype(np.float64)
    return y, np.clip(0.5 + skill * (y - 0.5) + draw.normal(0, 0.1, rows), 0, 1)


def verdicts(judgement: Judgement) -> dict[str, str]:
    return {check.slice: check.verdict for check in judgement.checks}


def test_bounds_hold_over_all_rows_and_in_each_slice() -> None:
    y, p = np.array([1.0, 0.0] * 50), np.array([0.9, 0.1] * 40 + [0.1, 0.9] * 10)
    bounds = (Bound(metric="accuracy", at_least=0.75), Bound(metric="accuracy", at_least=0.75, by=("kind",)))
    config = EvaluationConfig(label="y", slices=BY_KIND, bounds=bounds, minimum_rows=20)
    judgement = judge(scored(y, p, codes=np.array([0.0] * 80 + [1.0] * 20)), config)
    assert verdicts(judgement) == {"overall": "pass", "kind=a": "pass", "kind=b": "fail"}
    assert judgement.refusals == ["accuracy of kind=b: 0 is not at least 0.75"]


@pytest.mark.parametrize(("no_data", "refused"), [("pass", 0), ("fail", 1)])
def test_a_small_slice_has_no_data(no_data: str, refused: int) -> None:
    config = EvaluationConfig(
        label="y",
        slices=BY_KIND,
        bounds=(Bound(metric="accuracy", at_least=0.5, by=("kind",)),),
        no_data="fail" if no_data == "fail" else "pass",
    )
    y, p = noisy(100, 0.8, 1)
    judgement = judge(scored(y, p, codes=np.array([0.0] * 95 + [1.0] * 5)), config)
    assert verdicts(judgement) == {"kind=a": "pass", "kind=b": "no data"}
    assert len(judgement.refusals) == refused


def test_one_class_has_no_auc_in_a_slice_and_is_refused_over_all_rows() -> None:
    bounds = (Bound(metric="auc", at_least=0.5), Bound(metric="auc", at_least=0.5, by=("kind",)))
    config = EvaluationConfig(label="y", slices=BY_KIND, bounds=bounds)
    judgement = judge(scored(np.ones(40), np.linspace(0, 1, 40)), config)
    assert verdicts(judgement) == {"overall": "no data", "kind=a": "no data"}
    assert judgement.refusals == ["auc of overall: it is undefined on these 40 rows"]


@pytest.mark.parametrize(
    ("skill", "at_most", "verdict"),
    [(0.6, 0.0, "pass"), (0.2, 0.01, "fail"), (0.3, 0.5, "pass")],
    ids=["better", "much worse", "worse within the margin"],
)
def test_a_drop_passes_when_its_interval_excludes_more(skill: float, at_most: float, verdict: str) -> None:
    (y, ours), (_, theirs) = noisy(600, skill, 1), noisy(600, 0.4, 1)
    config = EvaluationConfig(label="y", drops=(Drop(metric="brier", at_most=at_most),))
    (check,) = judge(scored(y, ours, theirs), config).checks
    assert check.verdict == verdict
    assert check.low is not None
    assert check.value is not None
    assert check.high is not None
    assert check.low <= check.value <= check.high


def test_few_rows_cannot_exclude_a_loss_that_many_rows_exclude() -> None:
    def verdict(rows: int) -> str:
        (y, ours), (_, theirs) = noisy(rows, 0.2, 1), noisy(rows, 0.2, 1)
        draw = np.random.default_rng(2)
        config = EvaluationConfig(label="y", drops=(Drop(metric="auc", at_most=0.02),))
        return judge(scored(y, ours + draw.normal(0, 0.03, rows), theirs), config).checks[0].verdict

    assert [verdict(40), verdict(20000)] == ["fail", "pass"]


def test_an_equal_model_has_no_drop() -> None:
    y, p = noisy(200, 0.5, 3)
    config = EvaluationConfig(label="y", drops=(Drop(metric="auc", at_most=0.0),))
    (check,) = judge(scored(y, p, p), config).checks
    assert (check.value, check.low, check.high, check.verdict) == (0.0, 0.0, 0.0, "pass")


def test_intervals_depend_on_the_seed_alone() -> None:
    (y, ours), (_, theirs) = noisy(200, 0.5, 3), noisy(200, 0.4, 4)

    def high(seed: int, *slices: Slicing) -> float | None:
        config = EvaluationConfig(label="y", drops=(Drop(metric="auc", at_most=0.1),), seed=seed, slices=slices)
        return judge(scored(y, ours, theirs), config).checks[0].high

    assert high(0) == high(0, *BY_KIND)
    assert high(0) != high(1)


def test_without_a_baseline_drops_are_not_checked() -> None:
    y, p = noisy(100, 0.5, 5)
    assert not judge(scored(y, p), EvaluationConfig(label="y", drops=(Drop(metric="auc", at_most=0.0),))).checks


def test_predictions_that_are_not_finite_are_refused() -> None:
    y, p = noisy(100, 0.5, 5)
    assert judge(scored(y, p, not_finite=3), EvaluationConfig(label="y")).refusals == [
        "3 of 103 predictions are not finite"
    ]


def test_the_guess_scores_what_the_commonest_class_scores() -> None:
    y, p = np.array([0.0] * 70 + [1.0] * 30), np.linspace(0, 1, 100)
    guess = judge(scored(y, p), EvaluationConfig(label="y")).slices[0].guess
    assert (guess["accuracy"], guess["auc"], guess["precision"]) == (0.7, 0.5, None)


def test_a_config_survives_json() -> None:
    config = EvaluationConfig(
        label="y",
        slices=(Slicing(by=("kind", "distance"), bins={"distance": (1.0, 2.0)}),),
        bounds=(Bound(metric="auc", at_least=0.5, by=("kind", "distance")),),
        drops=(Drop(metric="log_loss", at_most=0.1),),
    )
    assert read(EvaluationConfig, write(config)) == config


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: EvaluationConfig(label="y", metrics=("acuracy",)), "names the metric 'acuracy'"),
        (lambda: EvaluationConfig(label="y", task="regression", metrics=("auc",)), "expected one of \\['mae'"),
        (lambda: EvaluationConfig(label="y", bounds=(Bound(metric="auc", at_least=0.5, by=("kind",)),)), "the slicing"),
        (lambda: EvaluationConfig(label="y", bounds=(Bound(metric="auc"),)), "has no limit"),
        (lambda: EvaluationConfig(label="y", drops=(Drop(metric="auc", at_most=-0.1),)), "allows less than 0"),
        (lambda: EvaluationConfig(label="y", resamples=10), "resamples=10 is below 100"),
        (lambda: Slicing(by=("kind",), bins={"distance": (1.0,)}), "ascending edges"),
        (lambda: Slicing(by=()), "one or more different columns"),
    ],
)
def test_refuses_a_configuration_that_cannot_decide(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        wrong()
