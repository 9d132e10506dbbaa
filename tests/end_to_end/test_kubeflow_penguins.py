"""The penguins in Kubeflow: what is recorded is what a run on a laptop records, and either reuses the other's work."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.graph import graph_of
from tests.end_to_end.kubeflow import Ran, compile_in, needs_sdk, run_in_processes, shared
from tests.end_to_end.project import NODES, TRACEBACK, Project, accuracy, copy_project

pytestmark = [needs_sdk, pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Shown:
    """A project whose penguins ran in Kubeflow, the compiled file, and that run."""

    project: Project
    file: Path
    ran: Ran


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shared(copy_project(tmp_path_factory.mktemp("kubeflow") / "penguins")) as project:
        file = compile_in(project, "penguins")
        yield Shown(project, file, run_in_processes(project, file))


def test_every_pod_ends_well(shown: Shown) -> None:
    assert shown.ran.succeeded, shown.ran.text
    assert TRACEBACK not in shown.ran.text
    assert len(shown.ran.tasks) == len(NODES) + 2
    assert set(shown.ran.tasks.values()) == {"SUCCESS"}


def test_the_store_holds_what_a_local_run_records(shown: Shown, ran: Project) -> None:
    run = shown.project.store().runs()[-1]
    assert (run.state, run.orchestrator) == ("COMPLETE", "kubeflow")
    assert graph_of(shown.project, run.id) == graph_of(ran, ran.last_run())


def test_the_model_is_good_and_served(shown: Shown) -> None:
    assert accuracy(shown.project) >= 0.9
    assert (shown.project.served / "1" / "saved_model.pb").is_file()


def test_nothing_is_left_beside_the_artifacts_but_the_logs_of_the_pods(shown: Shown) -> None:
    run = shown.project.store().runs()[-1].id
    assert shown.project.half_written() == [f".logs/{run}"]


def test_a_second_run_is_cached_throughout(shown: Shown) -> None:
    again = run_in_processes(shown.project, shown.file)
    assert again.succeeded, again.text
    assert shown.project.states() == dict.fromkeys(NODES, "CACHED")


def test_a_local_run_on_that_store_and_root_is_cached_throughout(shown: Shown) -> None:
    said = shown.project.headrace("run", "penguins")
    assert said.code == 0, said.err
    assert shown.project.store().runs()[0].orchestrator == "local"
    assert shown.project.states() == dict.fromkeys(NODES, "CACHED")
