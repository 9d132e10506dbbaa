"""Whatever goes wrong: one line that says what to do, the right exit code, no traceback, a true record."""

import gzip
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from headrace.metadata.records import Execution
from headrace.spec.codec import VERSION
from headrace.spec.messages import Failed
from tests.end_to_end.project import DATA, FEATURES, MODEL, PIPELINE, TRACEBACK, Project, Said

Spoil = Callable[[Project], None]


@dataclass(frozen=True)
class Case:
    """Something that is wrong: how it comes about, and the words that must be said about it."""

    name: str
    spoil: Spoil
    words: tuple[str, ...]


def replaced(file: str, before: str, after: str) -> Spoil:
    return lambda project: project.edit(file, before, after)


def rewritten(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(project: Project) -> None:
        file = project.folder / DATA
        file.write_bytes(change(file.read_bytes()))

    return spoil


def check_said(said: Said, code: int, *words: str) -> None:
    """One line says what is wrong; no traceback is shown."""
    assert said.code == code, said.err or said.out
    assert TRACEBACK not in said.out + said.err
    assert [line for line in said.err.splitlines() if all(word in line for word in words)], said.err
    assert len(said.err.splitlines()) <= 5, said.err


def check_recorded(project: Project, node: str) -> Failed:
    """The store tells which node failed and why; nothing that is half done is left."""
    executions = project.last()
    status = executions[node].status
    assert isinstance(status, Failed), status
    assert status.type
    assert status.message
    assert "RUNNING" not in project.everywhere()
    assert project.store().runs()[0].state == "FAILED"
    assert project.half_written() == []
    return status


def table(*cases: Case, quick: Collection[str] | None = None) -> pytest.MarkDecorator:
    """Try a test with every case; all but the quick ones are slow, where these are named."""
    marked = [
        pytest.param(case, id=case.name, marks=[] if quick is None or case.name in quick else [pytest.mark.slow])
        for case in cases
    ]
    return pytest.mark.parametrize("case", marked)


DATA_CASES = [
    Case("missing", lambda project: (project.folder / DATA).unlink(), ("penguins.csv", "; expected ")),
    Case("empty", rewritten(lambda _: b""), ("penguins.csv", "empty", "; expected ")),
    Case("a-folder-in-its-place", lambda project: as_folder(project.folder / DATA), ("penguins.csv", "; expected ")),
    Case("header-only", rewritten(lambda text: text.partition(b"\n")[0] + b"\n"), ("no rows", "; expected ")),
    Case("ragged-rows", rewritten(lambda text: text + b"Adelie,Dream\n"), ("line 346", "2 fields", "; expected 8")),
    Case("bad-utf-8", rewritten(lambda text: text.replace(b"Dream", b"Dr\xffam", 1)), ("UTF-8", "line", "; expected ")),
    Case(
        "an-open-quote", rewritten(lambda text: text + b'"Adelie,Dream,1,1,1,1,male,2007\n'), ("quote", "; expected ")
    ),
    Case("no-rows-in-a-split", rewritten(lambda text: b"\n".join(text.split(b"\n")[:3])), ("no rows", "; expected ")),
    Case("another-kind-of-file", lambda project: as_gzip(project.folder / DATA), ("penguins.csv", "; expected ")),
]


def as_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def as_gzip(file: Path) -> None:
    file.write_bytes(gzip.compress(file.read_bytes(), mtime=0)[:-20])


@table(*DATA_CASES, quick=("missing", "a-folder-in-its-place", "ragged-rows", "bad-utf-8"))
def test_data_that_cannot_be_read(case: Case, fresh: Project) -> None:
    case.spoil(fresh)
    said = fresh.headrace("run", "penguins", "--to", "ExampleGen")
    check_said(said, 1, "ExampleGen failed", *case.words)
    assert "\n  at " not in said.err, "no line of the user's code is to blame"
    check_recorded(fresh, "ExampleGen")


@pytest.mark.slow
def test_another_header_is_stopped_by_the_gate(warm: Project) -> None:
    warm.edit(DATA, "bill_length_mm", "culmen_length_mm")
    said = warm.headrace("run", "penguins")
    check_said(said, 3, "stopped by a gate", "Validator")
    states = warm.states()
    assert (states["Validator"], states["Transform"], states["Pusher"]) == ("COMPLETE", "BLOCKED", "BLOCKED")
    (report,) = Path(warm.last()["Validator"].outputs["anomalies"][0].path).glob("report.md")
    assert "culmen_length_mm" in report.read_text(encoding="utf-8")


def test_a_schema_that_does_not_parse(warm: Project) -> None:
    warm.edit("schemas/penguins/schema.pbtxt", 'name: "island"', 'name "island')
    said = warm.headrace("run", "penguins")
    check_said(said, 1, "SchemaGen failed", "schema.pbtxt", "line", "; expected ")
    check_recorded(warm, "SchemaGen")


def hide_components(project: Project) -> None:
    (project.folder / "components").mkdir()
    (project.folder / "components" / "__init__.py").touch()


def configure(project: Project, text: str) -> None:
    (project.folder / "configs").mkdir()
    (project.folder / "configs" / "local.yaml").write_text(text, encoding="utf-8")


DECLARATION_CASES = [
    Case(
        "syntax-error-in-features",
        replaced(FEATURES, "def preprocessing_fn(", "def preprocessing_fn(("),
        ("features.py, line 1", "; expected "),
    ),
    Case(
        "no-such-function",
        replaced(FEATURES, "def preprocessing_fn(", "def process("),
        ("preprocessing_fn", "process", "; expected "),
    ),
    Case(
        "syntax-error-in-pipeline",
        replaced(PIPELINE, "gen = ExampleGen(", "gen = = ExampleGen("),
        ("pipeline.py", "; expected "),
    ),
    Case(
        "exception-in-pipeline",
        replaced(PIPELINE, "gen = ExampleGen(", "1 / 0\ngen = ExampleGen("),
        ("ZeroDivisionError", "pipeline.py:", "; expected "),
    ),
    Case(
        "unserialisable-parameter",
        replaced(PIPELINE, 'custom_config={"epochs": epochs}', 'custom_config={"epochs": object()}'),
        ("Trainer", "object", "; expected "),
    ),
    Case(
        "two-nodes-of-one-id",
        replaced(PIPELINE, "[gen, stats,", "[gen, ExampleGen(source=source), stats,"),
        ("two nodes are called 'ExampleGen'", "pipeline.py:", "; expected "),
    ),
    Case(
        "wrong-artifact-type",
        replaced(PIPELINE, "Validator(statistics=stats.statistics", "Validator(statistics=gen.examples"),
        ("Validator.statistics", "Examples", "; expected "),
    ),
    Case(
        "a-node-that-is-not-listed",
        replaced(PIPELINE, "[gen, stats,", "[gen,"),
        ("StatisticsGen", "not in the pipeline", "; expected "),
    ),
    Case(
        "components-hidden",
        hide_components,
        ("components/__init__.py", "delete that file", "; expected "),
    ),
    Case(
        "unknown-key-in-params",
        lambda project: project.append("pipelines/penguins/params.yaml", "epoch: 3\n"),
        ("params.yaml:", "'epoch'", "epochs", "; expected "),
    ),
    Case(
        "wrong-type-in-params",
        replaced("pipelines/penguins/params.yaml", "trials: 2", "trials: two"),
        ("'trials' is 'two'", "params.yaml:", "; expected "),
    ),
    Case(
        "params-that-are-not-yaml",
        lambda project: project.append("pipelines/penguins/params.yaml", "a: [\n"),
        ("params.yaml:", "; expected "),
    ),
    Case("unknown-setting", lambda project: configure(project, "job: 3\n"), ("local.yaml:1", "'job'", "; expected ")),
    Case("wrong-setting", lambda project: configure(project, "jobs: many\n"), ("local.yaml:1", "jobs", "; expected ")),
]


@table(*DECLARATION_CASES)
def test_what_is_declared_wrongly_never_runs(case: Case, fresh: Project) -> None:
    case.spoil(fresh)
    said = fresh.headrace("run", "penguins")
    check_said(said, 2, "headrace: ", *case.words)
    assert not fresh.root.exists() or not any(entry.is_dir() for entry in fresh.root.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "penguin"], ("no pipeline 'penguin'", "'penguins'")),
        (["run"], ("no pipeline", "penguins")),
        (["run", "penguins", "-p", "epoch=3"], ("-p epoch=3", "epochs")),
        (["run", "penguins", "-p", "epochs=many"], ("'epochs' is 'many'", "int")),
        (["run", "penguins", "--span", "one"], ("--span one",)),
        (["run", "penguins", "--to", "Trainr"], ("Trainr", "Trainer")),
        (["run", "penguins", "--config", "none.yaml"], ("none.yaml",)),
        (["node", "drive", "penguins", "Trainr"], ("Trainr", "Trainer")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_a_command_that_names_what_is_not_there(arguments: list[str], words: tuple[str, ...], ran: Project) -> None:
    check_said(ran.headrace(*arguments), 2, "headrace: ", "; expected ", *words)


def test_a_run_that_is_not_there(ran: Project) -> None:
    check_said(ran.headrace("run", "--resume", "20200101"), 4, "'20200101'", "; expected ")


@pytest.mark.parametrize("wrong", ["cycle", "not-json", "another-version", "unknown-field"])
def test_a_spec_that_is_wrong(wrong: str, warm: Project) -> None:
    spec = next(warm.folder.glob(".headrace/runs/*/spec.json")).read_text(encoding="utf-8")
    changed = {
        "cycle": spec.replace('"node": "ExampleGen"', '"node": "Transform"').replace(
            '"output": "examples"', '"output": "transformed_examples"'
        ),
        "not-json": spec[: len(spec) // 2],
        "another-version": spec.replace(f'"version": {VERSION}', '"version": 99', 1),
        "unknown-field": spec.replace('"nodes":', '"knots":', 1),
    }[wrong]
    assert changed != spec
    (warm.folder / "spec.json").write_text(changed, encoding="utf-8")
    check_said(warm.headrace("run", "spec.json"), 2, "headrace: ", "; expected ")


def transform_failed(project: Project) -> Execution:
    said = project.headrace("run", "penguins")
    check_said(said, 1, "Transform failed")
    check_recorded(project, "Transform")
    return project.last()["Transform"]


@pytest.mark.slow
def test_a_user_module_that_raises_at_import(warm: Project) -> None:
    warm.edit(FEATURES, 'LABEL = "species"', 'LABEL = {}["species"]')
    failed = transform_failed(warm).status
    assert isinstance(failed, Failed)
    assert failed.type == "UserCodeError"
    assert "KeyError" in failed.message
    assert f"{FEATURES}:10" in failed.message
    assert failed.permanent


def test_a_preprocessing_fn_that_raises(warm: Project) -> None:
    warm.edit(FEATURES, "outputs = {", "inputs['flipper_mm']\n    outputs = {")
    failed = transform_failed(warm).status
    assert isinstance(failed, Failed)
    assert "flipper_mm" in failed.message
    assert f"{FEATURES}:" in failed.frame + failed.message
    assert "in preprocessing_fn" in failed.frame + failed.message


@pytest.mark.slow
def test_a_preprocessing_fn_that_fails_inside_beam(warm: Project) -> None:
    warm.edit(FEATURES, "outputs = {", "tf.debugging.assert_less(inputs['year'], 1)\n    outputs = {")
    failed = transform_failed(warm).status
    assert isinstance(failed, Failed)
    assert "preprocessing_fn" in failed.message + failed.frame


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "node", "word"),
    [
        ("keras.optimizers.Adam(rate)", "keras.optimizers.SGD(1e30)", "Tuner", "score nan"),
        (
            "    logs = keras",
            "    model.optimizer.learning_rate.assign(1e30)\n    logs = keras",
            "Trainer",
            "loss is nan",
        ),
    ],
    ids=["in-every-trial", "in-the-training"],
)
def test_a_loss_that_is_not_a_number(before: str, after: str, node: str, word: str, warm: Project) -> None:
    warm.edit(MODEL, before, after)
    said = warm.headrace("run", "penguins")
    check_said(said, 1, f"{node} failed", word, "; expected ")
    check_recorded(warm, node)


@pytest.mark.slow
def test_a_run_fn_that_saves_nothing(warm: Project) -> None:
    warm.edit(MODEL, "    save_with_transform(", "    print(")
    said = warm.headrace("run", "penguins")
    check_said(said, 1, "Trainer failed", "run_fn", "; expected ")
    check_recorded(warm, "Trainer")


def test_a_served_folder_that_is_a_file(warm: Project) -> None:
    shutil.rmtree(warm.served)
    warm.served.write_text("not a folder")
    said = warm.headrace("run", "penguins")
    check_said(said, 1, "Pusher failed", "served/penguins", "; expected ")
    assert warm.served.read_text() == "not a folder"
