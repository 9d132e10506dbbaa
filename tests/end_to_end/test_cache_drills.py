"""What the cache notices and what it does not: asked of the plan, and shown by runs that follow it."""

import os
import shutil
from collections.abc import Callable

import pytest

from tests.end_to_end.project import DATA, FEATURES, HELPER, NODES, Project

ALL_CACHED = dict.fromkeys(NODES, "cached")
ROW = "Adelie,Torgersen,40.1,18.2,187.0,3700.0,male,2007\n"


def from_node(first: str) -> dict[str, str]:
    """The plan in which one node runs and all that are listed below it wait."""
    at = NODES.index(first)
    answers = ["cached"] * at + ["runs"] + ["waits"] * (len(NODES) - at - 1)
    return dict(zip(NODES, answers, strict=True))


def touch_everything(project: Project) -> None:
    for file in project.folder.glob("*/**/*.*"):
        if file.is_file():
            os.utime(file, (1, 1))


def reformat_features(project: Project) -> None:
    project.edit(FEATURES, "def preprocessing_fn", "# What follows is called by Transform.\n\n\ndef preprocessing_fn")
    project.edit(FEATURES, "return outputs", "return (  # all of them\n        outputs\n    )")


def split_beam_arguments(project: Project) -> None:
    (project.folder / "configs").mkdir()
    (project.folder / "configs" / "local.yaml").write_text("jobs: 1\nbeam_args: [--direct_num_workers=1]\n")


def leave_as_it_is(project: Project) -> None:
    assert project.folder.name == "moved"


@pytest.mark.parametrize(
    "change",
    [touch_everything, reformat_features, split_beam_arguments, leave_as_it_is],
    ids=["files-touched", "features-reformatted", "beam-arguments", "project-moved"],
)
def test_what_changes_nothing_leaves_all_cached(change: Callable[[Project], None], warm: Project) -> None:
    change(warm)
    assert warm.plan() == ALL_CACHED


@pytest.mark.parametrize(
    ("file", "before", "after", "first"),
    [
        (DATA, "39.1,18.7,181", "39.2,18.7,181", "ExampleGen"),
        (FEATURES, "OUT_OF_VOCABULARY = 1", "OUT_OF_VOCABULARY = 2", "Transform"),
        (HELPER, '"bill_length_mm", "bill_depth_mm"', '"bill_depth_mm", "bill_length_mm"', "Transform"),
        ("schemas/penguins/schema.pbtxt", "min_fraction: 0.9", "min_fraction: 0.8", "SchemaGen"),
        ("pipelines/penguins/evaluation.py", "at_least=0.8", "at_least=0.7", "Evaluator"),
        ("pipelines/penguins/pipeline.py", '"eval": 1, "test": 1', '"eval": 2, "test": 1', "ExampleGen"),
    ],
    ids=["a-byte-of-data", "a-constant-in-features", "a-helper-of-features", "schema", "threshold", "splits"],
)
def test_a_change_runs_what_depends_on_it(file: str, before: str, after: str, first: str, warm: Project) -> None:
    warm.edit(file, before, after)
    assert warm.plan() == from_node(first)


@pytest.mark.parametrize(
    ("parameter", "first"),
    [("trials=3", "Tuner"), ("epochs=13", "Tuner"), ("destination=served/other", "Pusher")],
)
def test_a_parameter_runs_the_nodes_that_use_it(parameter: str, first: str, warm: Project) -> None:
    assert warm.plan("-p", parameter) == from_node(first)


def test_the_same_data_elsewhere_is_the_same(warm: Project) -> None:
    shutil.copy(warm.folder / DATA, warm.folder / "copy.csv")
    assert warm.plan("-p", "source=copy.csv") == ALL_CACHED


def test_a_model_that_is_no_longer_served_is_pushed_again(warm: Project) -> None:
    shutil.rmtree(warm.served / "1")
    assert warm.plan() == from_node("Pusher")


def test_an_artifact_that_is_gone_is_made_again(warm: Project) -> None:
    shutil.rmtree(warm.root / "Transform")
    assert warm.plan() == from_node("Transform")


def test_verify_finds_a_changed_byte(warm: Project) -> None:
    (schema,) = warm.root.glob("SchemaGen/*/schema/schema.pbtxt")
    schema.write_bytes(schema.read_bytes() + b"\n")
    assert warm.plan() == ALL_CACHED
    assert warm.plan("--verify") == from_node("SchemaGen")


def test_the_exit_code_of_a_plan_tells_whether_there_is_work(warm: Project) -> None:
    assert warm.headrace("plan", "penguins", "--exit-code").code == 0
    assert warm.headrace("plan", "penguins", "--exit-code", "-p", "epochs=13").code == 10


def test_the_plan_names_the_part_that_changed(warm: Project) -> None:
    warm.edit(FEATURES, "OUT_OF_VOCABULARY = 1", "OUT_OF_VOCABULARY = 2")
    said = warm.headrace("plan", "penguins")
    assert "code pipelines.penguins.features" in said.out


def test_a_plan_writes_nothing(fresh: Project) -> None:
    assert set(fresh.plan().values()) == {"runs", "waits"}
    assert not (fresh.folder / ".headrace").exists()


def test_a_schema_that_says_the_same_cuts_the_run_off_early(warm: Project) -> None:
    warm.append("schemas/penguins/schema.pbtxt", "# reviewed again\n")
    assert warm.plan() == from_node("SchemaGen")
    assert warm.headrace("run", "penguins").code == 0
    assert warm.states() == dict.fromkeys(NODES, "CACHED") | {"SchemaGen": "COMPLETE"}


@pytest.mark.slow
def test_a_run_does_what_the_plan_said(warm: Project) -> None:
    warm.edit(FEATURES, "OUT_OF_VOCABULARY = 1", "OUT_OF_VOCABULARY = 2")
    planned = warm.plan()
    said = warm.headrace("run", "penguins")
    assert said.code == 0, said.err
    expected = {name: "CACHED" if answer == "cached" else "COMPLETE" for name, answer in planned.items()}
    assert warm.states() == expected
    assert warm.plan() == ALL_CACHED


@pytest.mark.slow
def test_a_rival_that_was_blessed_in_between_is_judged_against(warm: Project) -> None:
    first = warm.last()["Trainer"].outputs["model"][0].digest
    rival = warm.headrace("run", "penguins", "-p", "epochs=10")
    assert rival.code == 0, rival.err
    assert warm.last()["Evaluator"].inputs["baseline"][0].digest == first
    assert warm.plan() == from_node("Evaluator")
    again = warm.headrace("run", "penguins", "--to", "Evaluator")
    assert again.code == 0, again.err
    states = warm.states()
    assert (states["Trainer"], states["Evaluator"]) == ("CACHED", "COMPLETE")
    assert warm.last()["Evaluator"].inputs["baseline"][0].digest != first
