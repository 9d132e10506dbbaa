"""A poisoned month of flights stops the run before anything is trained on it."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.flights.bootstrap import Recipe, bootstrap
from pipelines.flights.data import prepare
from tests.end_to_end.project import NODES, TRACEBACK, Project, copy_of, copy_project

FIRST = NODES[:4]


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two months of flights."""
    folder = tmp_path_factory.mktemp("months")
    prepare(folder, (1, 2))
    return folder


@pytest.fixture(scope="module")
def january(months: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which January was validated, and of which February is yet to come."""
    project = copy_project(tmp_path_factory.mktemp("flights") / "january")
    (project.folder / "data" / "flights").mkdir(parents=True)
    shutil.copy(months / "flights-1.parquet", project.folder / "data" / "flights")
    said = project.headrace("run", "flights", "--to", "Validator")
    assert said.code == 0, said.err
    return project


def stopped(project: Project, *arguments: str) -> str:
    """Run the flights, see the gate stop them, and return the report."""
    said = project.headrace("run", "flights", *arguments)
    assert said.code == 3, said.err
    assert TRACEBACK not in said.err + said.out
    assert "stopped by a gate" in said.err
    states = project.states()
    assert {states[name] for name in FIRST} <= {"COMPLETE", "CACHED"}
    assert {states[name] for name in NODES[4:]} == {"BLOCKED"}
    assert project.store().runs()[0].state == "BLOCKED"
    assert not (project.folder / "served").exists()
    assert "Validator" in said.err
    anomalies = project.last()["Validator"].outputs["anomalies"][0]
    assert anomalies.properties["verdict"] == "block"
    return (Path(anomalies.path) / "report.md").read_text(encoding="utf-8")


def blocking(project: Project) -> str:
    """Return what blocks, as pages are told: feature, what, detail."""
    anomalies = Path(project.last()["Validator"].outputs["anomalies"][0].path)
    preview = json.loads(anomalies.with_name("anomalies.preview.json").read_text(encoding="utf-8"))
    findings = [found for found in preview["content"]["findings"] if found["severity"] == "block"]
    return "\n".join(f"{found['feature']}: {found['what']}: {found['detail']}" for found in findings)


@pytest.mark.slow
def test_an_unseen_carrier_stops_a_first_month(months: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "flights")
    data = project.folder / "data" / "flights"
    data.mkdir(parents=True)
    recipe = Recipe(rows=8000, poison="unseen_carrier")
    bootstrap(months / "flights-1.parquet", data / "flights-1.parquet", recipe)
    report = stopped(project)
    assert "carrier" in report
    assert "ZZ" in report
    again = project.headrace("run", "flights")
    assert again.code == 3, "a gate that is cached still stops"
    assert project.states()["Validator"] == "CACHED"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("poison", "words"),
    [
        ("distance_in_kilometres", ("distance: ",)),
        ("temperature_in_celsius", ("temp: ",)),
        ("unseen_carrier", ("carrier: ", "ZZ")),
        ("half_the_rows", ("rows",)),
    ],
)
def test_a_poisoned_month_stops_the_run(
    poison: str, words: tuple[str, ...], january: Project, months: Path, tmp_path: Path
) -> None:
    project = copy_of(january, tmp_path / "flights")
    february = project.folder / "data" / "flights" / "flights-2.parquet"
    bootstrap(months / "flights-2.parquet", february, Recipe(poison=poison))
    report = stopped(project, "--span", "2")
    assert all(word in blocking(project) for word in words), report
    assert all(word.removesuffix(": ") in report for word in words), report
    assert len(report.splitlines()) < 200


@pytest.mark.slow
def test_a_healthy_month_passes_and_reruns_only_what_must(january: Project, months: Path, tmp_path: Path) -> None:
    project = copy_of(january, tmp_path / "flights")
    shutil.copy(months / "flights-2.parquet", project.folder / "data" / "flights")
    said = project.headrace("run", "flights", "--to", "Validator")
    assert said.code == 0, said.err
    assert project.states()["Validator"] == "COMPLETE"
    last = project.last()
    assert last["ExampleGen"].outputs["examples"][0].properties["span"] == 2
    assert last["Validator"].inputs["baseline"][0].properties["span"] == 1
    again = project.headrace("run", "flights", "--to", "Validator", "--span", "1..2")
    assert again.code == 0, again.err
    for run in project.store().runs(2):
        assert {project.states(run.id)[name] for name in FIRST} == {"CACHED"}
