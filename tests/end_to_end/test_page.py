"""The page of a real run of the penguins: every artifact has its preview, the curves are read from event files."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from headrace.ui.foreign import foreign_preview
from headrace.ui.opened import of_database
from tests.end_to_end.project import NODES, Project
from tests.ui.conftest import Served, serving
from tests.ui.exported_site import told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(ran: Project) -> Iterator[Served]:
    with ExitStack() as stack:
        shown = of_database(str(ran.folder / ".headrace" / "metadata.db"), (), stack)
        with serving(shown) as served:
            yield served


def artifacts(page: Served) -> dict[str, Any]:
    """Ask for all artifacts, by node and output."""
    rows = page.get("/api/artifacts?limit=1000")["artifacts"]
    return {row["title"]: page.get(f"/api/artifacts/{row['id']}") for row in rows}


def test_the_store_of_a_project_is_known_as_its_own(page: Served, ran: Project) -> None:
    meta = page.get("/api/meta")
    assert (meta["own"], meta["read_only"]) == (True, True)
    assert meta["name"] == ran.folder.name
    assert meta["counts"]["executions"] == len(NODES)


def test_the_run_has_its_graph_and_its_headline(page: Served) -> None:
    run = page.get("/api/runs/@latest")
    assert run["order"] == list(NODES)
    assert {node["state"] for node in run["nodes"]} == {"COMPLETE"}
    assert run["run"]["headline"]["value"] > 0.8
    assert ("Tuner", "Trainer", "data") in [(edge["from"], edge["to"], edge["kind"]) for edge in run["edges"]]
    for node in run["nodes"]:
        assert node["wall"] > 0
        assert node["verdict"]["kind"] == "ran"
        assert page.ask(f"/api/runs/@latest/nodes/{node['id']}/log").status == (200 if node["has_log"] else 404)


def test_every_artifact_has_a_preview_and_files(page: Served) -> None:
    for title, found in artifacts(page).items():
        assert found["preview"]["summary"] == found["artifact"]["summary"] != "", title
        assert found["preview"]["type"] == found["artifact"]["type"]
        assert found["artifact"]["exists"]
        assert found["maker"]["node"] == title.partition(".")[0]
        assert found["files_total"] > 0 or title == "Evaluator.blessing"


def test_the_curves_of_the_training_are_read_from_its_event_files(page: Served) -> None:
    curves = artifacts(page)["Trainer.model_run"]["curves"]
    losses = {tag: points for tag, points in curves.items() if tag.endswith("epoch_loss")}
    assert set(losses) == {"train/epoch_loss", "validation/epoch_loss"}
    for points in losses.values():
        steps, times, values = zip(*points, strict=True)
        assert list(steps) == list(range(len(points)))
        assert list(times) == sorted(times)
        assert values[-1] < values[0]


@pytest.mark.parametrize("title", ["StatisticsGen.statistics", "SchemaGen.schema"])
def test_what_is_read_from_the_payload_is_what_the_component_wrote(page: Served, title: str) -> None:
    found = artifacts(page)[title]
    read = foreign_preview(Path(found["artifact"]["path"]))
    assert read is not None
    assert read["type"] == found["preview"]["type"]
    assert read["content"] == found["preview"]["content"]


def test_blame_leads_from_the_pushed_model_to_the_data_and_the_code(page: Served) -> None:
    answer = page.get("/api/lineage?focus=PushedModel@latest&mode=blame")
    assert [leaf["node"] for leaf in answer["blame"]["data"]] == ["ExampleGen"]
    modules = {leaf["title"] for leaf in answer["blame"]["code"]}
    assert {"pipelines.penguins.features", "pipelines.penguins.measures", "pipelines.penguins.model"} <= modules


def test_the_project_is_exported(ran: Project, tmp_path: Path) -> None:
    said = ran.headrace("ui", "--export", str(tmp_path / "site"))
    assert said.code == 0, said.err
    data = tmp_path / "site" / "data"
    listed = told(tmp_path / "site", "artifacts")["artifacts"]
    assert {row["node"] for row in listed} == set(NODES)
    assert all((data / f"artifacts_{row['id']}.js").is_file() for row in listed)
