"""The penguins in real containers: a user that is not root, no capability, a root file system that is read only."""

from pathlib import Path

import pytest
import yaml

from tests.end_to_end.containers import ARTIFACTS, build_image, needs_podman, play_pod, podman_run, run_in_containers
from tests.end_to_end.graph import graph_of
from tests.end_to_end.kubeflow import compile_in, needs_sdk, shared
from tests.end_to_end.project import NODES, TRACEBACK, Project, copy_project

pytestmark = [needs_podman, pytest.mark.slow, pytest.mark.timeout(900)]
SMALL = """\
from headrace import Pipeline
from tests.parts import Copy, Source

source = Source(texts=["a", "b"])
pipeline = Pipeline("small", [source, Copy(rows=source.rows)])
"""


@pytest.fixture(scope="module", autouse=True)
def _image(tmp_path_factory: pytest.TempPathFactory) -> None:
    build_image(tmp_path_factory.mktemp("image"))


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project with a pipeline of two bare nodes."""
    folder = tmp_path / "small"
    (folder / "pipelines" / "small").mkdir(parents=True)
    (folder / "pipelines" / "small" / "pipeline.py").write_text(SMALL, encoding="utf-8")
    return Project(folder)


def test_the_image_says_what_it_can_do(small: Project) -> None:
    said = podman_run(small)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Usage: headrace")


def test_its_user_is_a_number_and_its_python_and_headrace_are_those_of_the_environment(small: Project) -> None:
    said = podman_run(small, "sh", "-c", "id -u; command -v python; command -v headrace; pwd; touch here || echo no")
    assert said.stdout.splitlines() == ["1000", "/opt/headrace/bin/python", "/opt/headrace/bin/headrace", "/app", "no"]


def test_a_small_pipeline_runs_in_one_container(small: Project) -> None:
    said = podman_run(small, "headrace", "run", "small", HEADRACE_ROOT=ARTIFACTS)
    assert said.returncode == 0, said.stderr
    assert "COMPLETE in" in said.stdout
    (rows,) = small.root.glob("Copy/*/copied/rows.txt")
    assert rows.read_text(encoding="utf-8") == "a\nb\n"


def test_the_pod_of_a_cronjob_runs_a_pipeline_with_the_store_of_its_secret(small: Project) -> None:
    with shared(small) as project:
        compile_in(project, "small", state="/tmp/headrace", root=ARTIFACTS)
        with (project.folder / "configs" / "kubeflow.yaml").open("a", encoding="utf-8") as settings:
            settings.write('cronjob: {schedule: "0 3 * * *"}\n')
        said = project.headrace("compile", "small", "--target", "cronjob")
        assert said.code == 0, said.err
        template = yaml.safe_load(said.out)["spec"]["jobTemplate"]["spec"]["template"]
        logs = play_pod(project, template, {"headrace-store": {"address": project.address}})
        assert "COMPLETE in" in logs
        assert project.states() == {"Source": "COMPLETE", "Copy": "COMPLETE"}


@needs_sdk
def test_the_penguins_are_recorded_as_by_a_local_run_and_a_local_run_reuses_them(tmp_path: Path, ran: Project) -> None:
    with shared(copy_project(tmp_path / "penguins")) as project:
        done = run_in_containers(project, compile_in(project, "penguins", state="/tmp/headrace", root=ARTIFACTS))
        assert done.succeeded, done.text
        assert TRACEBACK not in done.text
        run = project.store().runs()[0]
        assert (run.state, run.orchestrator) == ("COMPLETE", "kubeflow")
        assert graph_of(project, run.id) == graph_of(ran, ran.last_run())
        assert {file.stat().st_uid for file in project.root.iterdir()} == {1000}
        again = run_in_containers(project, compile_in(project, "penguins", state="/tmp/headrace", root=ARTIFACTS))
        assert again.succeeded, again.text
        assert project.states() == dict.fromkeys(NODES, "CACHED")
        said = project.headrace("run", "penguins")
        assert said.code == 0, said.err
        assert project.states() == dict.fromkeys(NODES, "CACHED")
