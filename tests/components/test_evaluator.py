"""Evaluator, on SavedModels that TensorFlow made."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf

from components.evaluator import Bound, Drop, EvaluationConfig, Slicing
from components.evaluator.executor import evaluate
from components.evaluator.publisher import bless
from headrace.artifacts.evaluation import ModelBlessing, ModelEvaluation
from headrace.artifacts.examples import Examples
from headrace.artifacts.model import Model
from headrace.artifacts.preview import read_preview
from headrace.errors import DataError
from headrace.serving.query import query
from headrace.spec.messages import ArtifactRecord, Canceled, Invocation, Succeeded
from headrace.storage.digest import manifest_of
from tests.components.evaluation_cases import make_examples, make_model, noisy_rows, outputs

CONFIG = EvaluationConfig(
    label="late",
    slices=(Slicing(by=("kind",)), Slicing(by=("distance",), bins={"distance": (50.0,)})),
    bounds=(Bound(metric="auc", at_least=0.8), Bound(metric="auc", at_least=0.7, by=("kind",))),
    drops=(Drop(metric="log_loss", at_most=0.01),),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluator")


@pytest.fixture(scope="module")
def examples(shared: Path) -> Examples:
    return make_examples(shared / "examples", noisy_rows(2000))


@pytest.fixture(scope="module")
def good(shared: Path) -> Model:
    return make_model(shared / "good")


@pytest.fixture(scope="module")
def worse(shared: Path) -> Model:
    return make_model(shared / "worse", bias=1.0)


def judged(
    folder: Path, examples: Examples, model: Model, baseline: Model | None = None, config: EvaluationConfig = CONFIG
) -> tuple[ModelEvaluation, ModelBlessing]:
    evaluation, blessing = outputs(folder)
    evaluate(examples, model, baseline, config, evaluation, blessing)
    return evaluation, blessing


def test_measures_overall_and_by_slice(tmp_path: Path, examples: Examples, good: Model) -> None:
    evaluation, blessing = judged(tmp_path, examples, good)
    slices = {found["slice"]: found["rows"] for found in json.loads(evaluation.file.read_text())["slices"]}
    assert [*slices] == ["overall", "kind=a", "kind=b", "distance=<50", "distance=>=50"]
    assert slices["kind=a"] + slices["kind=b"] == slices["distance=<50"] + slices["distance=>=50"] == 2000
    assert 0.8 < evaluation.metrics["auc"] < 0.9
    assert (evaluation.rows, evaluation.span, blessing.span, blessing.refusals) == (2000, 1, 1, [])
    assert blessing.read()


def test_agrees_with_the_curve_that_made_the_labels(tmp_path: Path, examples: Examples, good: Model) -> None:
    evaluation, _ = judged(tmp_path, examples, good)
    table = noisy_rows(2000)
    p, y = 1 / (1 + np.exp(-2 * np.array(table["x"], dtype=np.float64))), np.array(table["late"])
    assert evaluation.metrics["brier"] == pytest.approx(float(((p - y) ** 2).mean()), abs=1e-6)


def test_a_model_that_is_worse_than_the_baseline_is_refused(
    tmp_path: Path, examples: Examples, good: Model, worse: Model
) -> None:
    _, blessing = judged(tmp_path / "worse", examples, worse, good)
    assert len(blessing.refusals) == 1
    assert blessing.refusals[0].startswith("log_loss of overall: a drop of 0.069")
    assert not blessing.read()
    assert judged(tmp_path / "better", examples, good, worse)[1].read()


def test_writes_the_same_bytes_again(tmp_path: Path, examples: Examples, good: Model, worse: Model) -> None:
    one, other = (
        [manifest_of(made.path) for made in judged(tmp_path / name, examples, good, worse)] for name in ("one", "other")
    )
    assert one == other
    assert [*one[0], *one[1]] == ["evaluation.json", "report.md", "BLESSED", "requests.json"]


def test_keeps_a_few_rows_with_the_answers_for_whoever_serves_a_copy(
    tmp_path: Path, examples: Examples, good: Model, worse: Model
) -> None:
    _, blessing = judged(tmp_path, examples, good)
    assert query(good.serving, CONFIG.signature, blessing.requests) == ""
    assert "not those it was evaluated with" in query(worse.serving, CONFIG.signature, blessing.requests)


def test_shows_it_without_tensorflow(tmp_path: Path, examples: Examples, good: Model, worse: Model) -> None:
    evaluation, blessing = judged(tmp_path, examples, worse, good)
    shown, verdict = read_preview(evaluation.preview_file), read_preview(blessing.preview_file)
    assert shown is not None
    assert verdict is not None
    assert str(shown["summary"]).startswith("2000 rows: accuracy 0.7")
    assert str(verdict["summary"]).startswith("not blessed: log_loss of overall")
    report = evaluation.report.read_text()
    assert "| overall | log_loss | at most 0.01 worse than the baseline | 0.069" in report
    assert len(json.loads(evaluation.file.read_text())["curves"]["roc"]) == 51


@pytest.mark.parametrize("payload", ["parquet", "tfrecord"])
def test_reads_either_payload_and_either_signature(tmp_path: Path, good: Model, payload: str) -> None:
    examples = make_examples(tmp_path / "examples", noisy_rows(200), payload=payload)
    found = [
        judged(tmp_path / signature, examples, good, config=replace(CONFIG, signature=signature))[0]
        for signature in ("serving_default", "features")
    ]
    assert found[0].metrics == found[1].metrics
    fed = [json.loads(evaluation.file.read_text())["fed"] for evaluation in found]
    assert fed == ["tf.Examples", "features by name"]


def test_rows_without_a_label_are_counted_and_left_out(tmp_path: Path, good: Model) -> None:
    table = noisy_rows(100).set_column(3, "late", pa.array([None if i < 10 else i % 2 for i in range(100)], pa.int64()))
    evaluation, _ = judged(tmp_path / "out", make_examples(tmp_path / "examples", table), good)
    content = json.loads(evaluation.file.read_text())
    assert (content["rows"], content["rows_without_label"]) == (90, 10)


def test_a_missing_value_is_a_slice_and_a_missing_feature_its_default(tmp_path: Path, good: Model) -> None:
    x = pa.array([None if i % 2 else 1.0 for i in range(100)], pa.float32())
    table = noisy_rows(100).set_column(0, "x", x)
    config = EvaluationConfig(label="late", slices=(Slicing(by=("x",)),))
    evaluation, _ = judged(tmp_path / "out", make_examples(tmp_path / "examples", table), good, config=config)
    slices = json.loads(evaluation.file.read_text())["slices"]
    assert [(found["slice"], found["rows"]) for found in slices[1:]] == [("x=1", 50), ("x=missing", 50)]


def test_predictions_that_are_not_finite_are_refused(tmp_path: Path, examples: Examples, shared: Path) -> None:
    model = make_model(shared / "nan", weight=float("nan"))
    _, blessing = judged(tmp_path, examples, model)
    assert blessing.refusals[0] == "2000 of 2000 predictions are not finite"


def test_a_label_in_words_and_several_classes(tmp_path: Path) -> None:
    table = pa.table({"x": [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], "species": ["Adelie", "Gentoo", "Gentoo"]})
    table = table.set_column(0, "x", table["x"].cast(pa.list_(pa.float32())))
    examples = make_examples(tmp_path / "examples", table)
    model = save_function(tmp_path / "model", lambda x: {"p": x}, x=tf.TensorSpec([None, 2], tf.float32))
    config = EvaluationConfig(label="species", task="multiclass", classes=("Adelie", "Gentoo"))
    assert judged(tmp_path / "out", examples, model, config=config)[0].metrics["accuracy"] == pytest.approx(2 / 3)
    binary = EvaluationConfig(label="species", positive="Gentoo")
    assert judged(tmp_path / "binary", examples, model, config=binary)[0].metrics["auc"] == 1.0


def test_regression_compares_with_the_mean(tmp_path: Path) -> None:
    examples = make_examples(
        tmp_path / "examples", pa.table({"x": pa.array([1, 2, 6], pa.int64()), "y": [1.0, 2.0, 6.0]})
    )
    model = save_function(tmp_path / "model", lambda x: {"y": 2 * x}, x=tf.TensorSpec([None], tf.float32))
    evaluation, _ = judged(tmp_path / "out", examples, model, config=EvaluationConfig(label="y", task="regression"))
    assert evaluation.metrics["mae"] == 3.0
    assert json.loads(evaluation.file.read_text())["slices"][0]["guess"]["mae"] == 2.0


def save_function(folder: Path, function: object, **inputs: object) -> Model:
    module = tf.Module()
    tf.saved_model.save(
        module, str(folder / "Format-Serving"), signatures=tf.function(function).get_concrete_function(**inputs)
    )
    return Model(folder, {"span": 1})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (EvaluationConfig(label="arr_delay"), r"without the columns \['arr_delay'\]; they have \['distance', 'kind'"),
        (replace(CONFIG, slices=(Slicing(by=("carrier",)),), bounds=()), r"without the columns \['carrier'\]"),
        (
            replace(CONFIG, signature="predict"),
            r"signatures \['features', 'serving_default'\]; expected the signature 'p",
        ),
        (replace(CONFIG, prediction="score"), r"outputs \['probability'\]; expected the output 'score'"),
        (replace(CONFIG, splits=("test",)), "no split 'test'"),
        (EvaluationConfig(label="late", positive="yes"), "labels of type int64 in the place of 'yes'"),
        (EvaluationConfig(label="late", task="multiclass"), r"shape \['rows', 1\]; expected probabilities of shape"),
        (EvaluationConfig(label="kind", task="regression"), "the label 'kind' of type string; expected numbers"),
    ],
)
def test_says_in_a_line_what_is_wrong(
    tmp_path: Path, examples: Examples, good: Model, config: EvaluationConfig, message: str
) -> None:
    with pytest.raises(DataError, match=message) as raised:
        judged(tmp_path, examples, good, config=config)
    assert "\n" not in str(raised.value)


def test_lists_both_sides_when_the_signature_cannot_be_fed(tmp_path: Path, examples: Examples) -> None:
    model = save_function(tmp_path / "model", lambda a, b: {"p": a + b}, **dict.fromkeys("ab", tf.TensorSpec([None])))
    with pytest.raises(
        DataError, match=r"inputs are \['a', 'b'\], and rows with the columns \['distance', 'kind', 'x'\]"
    ):
        judged(tmp_path / "out", examples, model)


def test_logits_are_told_from_probabilities(tmp_path: Path, examples: Examples) -> None:
    model = save_function(tmp_path / "model", lambda x: {"p": 2 * x}, x=tf.TensorSpec([None], tf.float32))
    with pytest.raises(DataError, match="Set logits=True"):
        judged(tmp_path / "refused", examples, model)
    assert judged(tmp_path / "out", examples, model, config=replace(CONFIG, logits=True))[1].read()


def test_an_empty_split_is_refused(tmp_path: Path, good: Model) -> None:
    examples = make_examples(tmp_path / "examples", noisy_rows(1).slice(0, 0))
    with pytest.raises(DataError, match="no row with a label 'late' in the splits"):
        judged(tmp_path / "out", examples, good)


def record(digest: str) -> ArtifactRecord:
    return ArtifactRecord(type="Model", layout=1, path="", digest=digest, properties={})


def invocation(**inputs: ArtifactRecord) -> Invocation:
    given = {name: (found,) for name, found in inputs.items()}
    return Invocation(
        executor="", inputs=given, parameters={}, functions={}, outputs={}, beam_args=(), project="", work=""
    )


@pytest.mark.parametrize("refusals", [[], ["auc of overall: 0.4 is not at least 0.5"]])
def test_the_publisher_blesses_what_nothing_speaks_against(refusals: list[str]) -> None:
    made = bless(invocation(model=record("m"), baseline=record("b")), Succeeded({"blessing": {"refusals": refusals}}))
    assert isinstance(made, Succeeded)
    assert made.properties["blessing"] == {"refusals": refusals, "blessed": not refusals, "model": "m", "baseline": "b"}


def test_the_publisher_leaves_other_ends_alone() -> None:
    assert bless(invocation(model=record("m")), Canceled("Ctrl-C")) == Canceled("Ctrl-C")
