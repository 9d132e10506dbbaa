"""The Beam orchestrator does what the local one does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from headrace.metadata.records import Execution
from tests.end_to_end.project import NODES, Project, accuracy, copy_of, copy_project

TOLERANCE = 0.06
"""Between two accuracies over 70 rows: four of them."""
UP_TO_TRANSFORM = NODES[:5]
Edges = set[tuple[str, str, str, str]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def beam(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("beam") / "penguins")
    said = project.headrace("run", "penguins", "--orchestrator", "beam")
    assert said.code == 0, said.err
    return project


def test_executions_and_states_are_the_same(beam: Project, ran: Project) -> None:
    assert beam.states() == ran.states() == dict.fromkeys(NODES, "COMPLETE")
    assert len(beam.everywhere()) == len(ran.everywhere())
    runs = [project.store().runs()[0] for project in (beam, ran)]
    assert [run.orchestrator for run in runs] == ["beam", "local"]
    assert [run.state for run in runs] == ["COMPLETE", "COMPLETE"]


def edges(executions: Mapping[str, Execution]) -> Edges:
    """Say for every input which node made what it holds."""
    makers = {a.id: (e.node, name) for e in executions.values() for name, made in e.outputs.items() for a in made}
    return {
        (e.node, name, *makers[artifact.id])
        for e in executions.values()
        for name, found in e.inputs.items()
        for artifact in found
    }


def test_edges_are_the_same(beam: Project, ran: Project) -> None:
    assert edges(beam.last()) == edges(ran.last())
    assert ("Pusher", "blessing", "Evaluator", "blessing") in edges(beam.last())


def test_keys_and_contents_are_the_same_up_to_transform(beam: Project, ran: Project) -> None:
    for node in UP_TO_TRANSFORM:
        one, other = beam.last()[node], ran.last()[node]
        assert one.key == other.key
        assert {n: [a.digest for a in made] for n, made in one.outputs.items()} == {
            n: [a.digest for a in made] for n, made in other.outputs.items()
        }


def test_metrics_are_close(beam: Project, ran: Project) -> None:
    assert accuracy(beam) == pytest.approx(accuracy(ran), abs=TOLERANCE)


def test_a_second_run_is_cached_by_either(beam: Project, ran: Project, tmp_path: Path) -> None:
    for project, orchestrator in ((beam, "local"), (ran, "beam")):
        copy = copy_of(project, tmp_path / orchestrator)
        said = copy.headrace("run", "penguins", "--orchestrator", orchestrator)
        assert said.code == 0, said.err
        assert copy.states() == dict.fromkeys(NODES, "CACHED")


def test_a_failure_stops_it_as_well(ran: Project, tmp_path: Path) -> None:
    copy = copy_of(ran, tmp_path / "broken")
    copy.edit("pipelines/penguins/features.py", "outputs = {", "raise ValueError('no')\n    outputs = {")
    said = copy.headrace("run", "penguins", "--orchestrator", "beam")
    assert said.code == 1
    assert "Transform failed" in said.err
    states = copy.states()
    assert (states["Transform"], states["Tuner"], states["Pusher"]) == ("FAILED", "SKIPPED", "SKIPPED")
