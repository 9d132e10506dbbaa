"""`headrace compile`: files, comparisons, code bundles, and mistakes in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from headrace.kubeflow.slice import unpack
from headrace.storage.folder_root import FolderRoot
from headrace.user_code.bundle import open_bundle
from tests.kubeflow.compiling import slice_in

PIPELINE = """
from random import Random

from headrace import Function, NodeOptions, Pipeline, RuntimeParameter
from tests.parts import Apply, Source

source = Source(texts=[RuntimeParameter("word", str, "a")])
apply = Apply(rows=source.rows, function=Function("pipelines.birds.features:twice"))
pipeline = Pipeline("birds", [source, apply])
"""
TWINS = """
twins = [Source(options=NodeOptions(id=name)) for name in ("so_urce", "so-urce")]
"""
SETTINGS = """
image: headrace:1
root: {root}
store_secret: {{name: store, key: address}}
cronjob: {{schedule: "@daily"}}
defaults: {{pvcs: {{headrace-root: {root}}}}}
"""
PARTS = Path(__file__).parents[2]
FEATURES = "def twice(line):\n    return line * 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with one pipeline, its settings and a root."""
    folder = tmp_path / "project"
    files = {
        "pipelines/birds/pipeline.py": PIPELINE,
        "pipelines/birds/features.py": FEATURES,
        "pipelines/birds/params.yaml": "word: b\n",
        "configs/kubeflow.yaml": SETTINGS.format(root=tmp_path / "root"),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def headrace(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headrace.cli.main", "compile", *arguments]
    environment = {"PYTHONPATH": str(PARTS), "HEADRACE_PARAM_WORD": "from the environment"}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def default_of_word(file: Path) -> object:
    spec, _ = yaml.safe_load_all(file.read_text(encoding="utf-8"))
    return spec["root"]["inputDefinitions"]["parameters"]["word"]["defaultValue"]


def test_values_come_from_the_file_and_the_command_line_and_never_from_the_environment(project: Path) -> None:
    """The environment is not the pipeline's: two people would compile two files."""
    assert headrace(project, "birds", "-o", "birds.yaml").returncode == 0
    assert default_of_word(project / "birds.yaml") == "b"
    assert headrace(project, "birds", "-p", "word=c", "-o", "birds.yaml").returncode == 0
    assert default_of_word(project / "birds.yaml") == "c"


def test_a_committed_file_is_compared(project: Path) -> None:
    headrace(project, "birds", "-o", "birds.yaml")
    same = headrace(project, "birds", "--check", "birds.yaml")
    assert (same.returncode, same.stdout, same.stderr) == (0, "", "")
    other = headrace(project, "birds", "--image", "headrace:2", "--check", "birds.yaml")
    assert other.returncode == 2
    assert "-        image: headrace:1\n+        image: headrace:2\n" in other.stderr
    last = other.stderr.splitlines()[-1]
    assert last.endswith("the same bytes. Run headrace compile birds --image headrace:2 -o birds.yaml.")
    missing = headrace(project, "birds", "--check", "none.yaml")
    assert (missing.returncode, missing.stderr.splitlines()[-1].startswith("headrace: no file none.yaml")) == (2, True)


def test_a_code_bundle_is_put_below_a_root_that_is_there(project: Path) -> None:
    root = project.parent / "root"
    root.mkdir()
    done = headrace(project, "birds", "--code", "bundle", "-o", "birds.yaml")
    (file,) = (root / ".code").iterdir()
    assert done.stderr == f"code bundle: {file}\n"
    documents = [*yaml.safe_load_all((project / "birds.yaml").read_text(encoding="utf-8"))]
    digest = unpack(slice_in(documents, "apply")).bundle
    assert file.name == f"{digest}.zip"
    code = open_bundle(FolderRoot(root), digest, project.parent / "unpacked")
    assert (code / "pipelines" / "birds" / "features.py").read_text(encoding="utf-8") == FEATURES


def test_a_code_bundle_is_left_beside_the_output_where_the_root_is_elsewhere(project: Path) -> None:
    (project / "out").mkdir()
    done = headrace(project, "birds", "--code", "bundle", "-o", "out/birds.yaml")
    (file,) = (project / "out" / ".code").iterdir()
    assert done.returncode == 0
    assert f"copy {file} to {project.parent / 'root'}/.code/{file.name} before the first run" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["birdz"], "Write 'birds'"),
        (["birds", "-p", "wrd=1"], "Write -p word=…"),
        (["birds", "--config", "none.yaml"], "Correct --config"),
        (["birds", "-o", "no/folder/birds.yaml"], "a file in a folder that is there"),
        (["birds", "--target", "cronjob", "--code", "bundle"], "Give --code image"),
    ],
    ids=["pipeline", "parameter", "settings", "output", "cronjob"],
)
def test_a_mistake_is_one_line_with_a_fix(project: Path, arguments: list[str], message: str) -> None:
    done = headrace(project, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("image: headrace:1", "", "no image; expected the image that every pod runs"),
        ("store_secret: {", "token_secret: {", "no store_secret"),
        ("root:", "rot:", "kubeflow.yaml:3: the key 'rot'"),
        ("root: /", "root: ./", "kubeflow.yaml:3: the root '"),
        ("{pvcs", "{env: {HEADRACE_STORE: 'mysql://u:P[D@h/d'}, pvcs", "kubeflow.yaml:6: an address with a password"),
        ("cronjob", "nodes: {Aply: {cpu: '1'}}\ncronjob", "kubeflow.yaml:5: the node 'Aply'"),
    ],
    ids=["image", "store", "key", "root", "password", "node"],
)
def test_a_mistake_in_the_settings_is_one_line(project: Path, before: str, after: str, message: str) -> None:
    file = project / "configs" / "kubeflow.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    done = headrace(project, "birds")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('Function("pipelines.birds.features:twice")', "Function.of(lambda line: line)", "lambdas, closures, methods"),
        ('[RuntimeParameter("word", str, "a")]', "[{1, 2}]", "Source.texts (pipeline.py:"),
        ('"birds", [', '"my_birds", [', "Call it 'my-birds'"),
        ('"birds", [source', '"birds", [*twins, source', "'so_urce' and 'so-urce' are both the task"),
        ('[RuntimeParameter("word", str, "a")]', "[Random(0).randbytes(90_000).hex()]", "expected at most 100,000"),
    ],
    ids=["a lambda", "a set", "a name", "a clash", "too large"],
)
def test_a_pipeline_that_cannot_be_compiled_is_one_line(project: Path, before: str, after: str, message: str) -> None:
    file = project / "pipelines" / "birds" / "pipeline.py"
    file.write_text(PIPELINE.replace(before, after).replace("\napply =", f"\n{TWINS}apply ="), encoding="utf-8")
    (file.parent / "params.yaml").unlink()
    done = headrace(project, "birds")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_root_that_no_pod_shares_is_told(project: Path) -> None:
    file = project / "configs" / "kubeflow.yaml"
    file.write_text(file.read_text(encoding="utf-8").partition("defaults:")[0], encoding="utf-8")
    for target in ("kubeflow", "cronjob"):
        done = headrace(project, "birds", "--target", target)
        assert done.returncode == 0
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"headrace: root is '{project.parent / 'root'}', below no volume of pods: ")
    assert headrace(project, "birds", "--target", "crontab").stderr == ""


def test_a_pod_runs_the_code_of_its_bundle(project: Path) -> None:
    """The pod's own folder has neither the pipeline nor its features."""
    root, elsewhere = project.parent / "root", project.parent / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    assert headrace(project, "birds", "--code", "bundle", "-o", "birds.yaml").returncode == 0
    documents = [*yaml.safe_load_all((project / "birds.yaml").read_text(encoding="utf-8"))]
    environment = {
        "PYTHONPATH": str(PARTS),
        "HEADRACE_ROOT": str(root),
        "HEADRACE_STATE": str(project.parent / "state"),
        "HEADRACE_STORE": f"sqlite:{project.parent / 'metadata.db'}",
    }
    told = json.dumps({"inputs": {"parameterValues": {"headrace_run": "run-1", "word": "x"}}, "outputs": {}})

    def launch(task: str) -> subprocess.CompletedProcess[str]:
        arguments = ["pod", "launch", "--slice", slice_in(documents, task), "--executor-input", told]
        command = [sys.executable, "-m", "headrace.cli.main", *arguments]
        return subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)

    for task in ("source", "apply"):
        done = launch(task)
        assert done.returncode == 0, done.stderr
    (made,) = root.glob("Apply/*/made/rows.txt")
    assert made.read_text(encoding="utf-8") == "xx\n"
    assert {folder.name for folder in root.iterdir()} >= {".code", ".logs"}
    (bundle,) = root.glob(".code/*.zip")
    bundle.write_bytes(b"another")
    other = launch("apply")
    bundle.unlink()
    missing = launch("apply")
    assert [(done.returncode, len(done.stderr.splitlines())) for done in (other, missing)] == [(2, 1), (2, 1)]
    assert f"the code bundle {bundle} has the digest" in other.stderr
    assert f"no code bundle {bundle}" in missing.stderr
