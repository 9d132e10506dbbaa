"""One run: its nodes, why each ran, the edges, logs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Judge, Misbehaving, Source, Train, named
from tests.ui.conftest import Served, serving_lab


def nodes(page: Served, run: str) -> dict[str, Any]:
    return {node["id"]: node for node in page.get(f"/api/runs/{run}")["nodes"]}


def test_a_run_has_its_nodes_in_order_with_the_edges_that_were_planned(served: Served, history: History) -> None:
    run = served.get(f"/api/runs/{history.first.id}")
    assert run["order"][0] == "Source"
    assert set(run["order"]) == {"Source", "Judge", "Train", "Bless"}
    edges = {(edge["from"], edge["to"], edge["kind"], edge["label"]) for edge in run["edges"]}
    assert edges == {
        ("Source", "Judge", "data", "rows → rows"),
        ("Source", "Train", "data", "rows → rows"),
        ("Judge", "Train", "order", "after"),
        ("Train", "Bless", "data", "model → model"),
    }
    assert run["run"]["state"] == "COMPLETE"
    assert run["run"]["ended"] > run["run"]["started"]


def test_a_node_has_what_it_read_and_made_and_used(served: Served, history: History) -> None:
    train = nodes(served, history.first.id)["Train"]
    assert (train["state"], train["component"], train["attempt"]) == ("COMPLETE", "Train", 1)
    assert [slot["name"] for slot in train["inputs"]] == ["rows"]
    assert [slot["name"] for slot in train["outputs"]] == ["model", "journal"]
    assert train["outputs"][0]["label"] == "Model span 1"
    assert train["wall"] > 0
    assert train["memory"] > 1 << 20
    assert train["waited"] >= 0


def test_a_node_that_had_not_run_before_says_so(served: Served, history: History) -> None:
    verdict = nodes(served, history.first.id)["Train"]["verdict"]
    assert (verdict["kind"], verdict["text"], verdict["changed"]) == ("ran", "it has not run before", [])


def test_a_cached_node_names_the_one_that_stands_for_it(served: Served, history: History) -> None:
    train = nodes(served, history.again.id)["Train"]
    assert train["verdict"]["kind"] == "cached"
    assert train["verdict"]["stands_for"] == {
        "execution": history.execution(history.first, "Train").id,
        "run": history.first.id,
    }
    assert train["wall"] is None


def test_a_node_that_ran_again_names_the_parts_that_changed(served: Served, history: History) -> None:
    verdict = nodes(served, history.longer.id)["Source"]["verdict"]
    assert verdict["kind"] == "ran"
    (changed,) = verdict["changed"]
    assert (changed["part"], changed["after"]) == ("parameter texts", '["a","b","c"]')


def test_a_failed_node_has_the_users_frame_and_its_log(served: Served, history: History) -> None:
    node = nodes(served, history.broken.id)["Misbehaving"]
    assert node["state"] == "FAILED"
    assert "parts.py" in node["error"]["frame"]
    assert "Traceback" in node["error"]["traceback"]
    assert node["verdict"]["kind"] == "failed"
    log = served.ask(f"/api/runs/{history.broken.id}/nodes/Misbehaving/log")
    assert log.status == 200
    assert log.headers["content-type"].startswith("text/plain")


def test_the_log_of_a_cached_node_is_that_of_the_one_that_worked(served: Served, history: History) -> None:
    logs = [served.ask(f"/api/runs/{run.id}/nodes/Train/log") for run in (history.first, history.again)]
    assert [log.status for log in logs] == [200, 200]
    assert logs[0].text == logs[1].text


def test_a_part_of_an_id_is_enough_and_several_are_named(served: Served, history: History) -> None:
    assert served.get("/api/runs/@latest")["run"]["id"] == history.longer.id
    heard = served.ask(f"/api/runs/{history.first.id[:4]}")
    assert heard.status == 404
    assert history.first.id in heard.json["error"]["found"]


def test_an_unknown_run_or_node_offers_what_is_near(served: Served, history: History) -> None:
    heard = served.ask(f"/api/runs/{history.first.id[:-1]}x")
    assert heard.status == 404
    assert history.first.id in heard.json["error"]["do"]
    heard = served.ask(f"/api/runs/{history.first.id}/nodes/Trian/log")
    assert heard.status == 404
    assert "Train" in heard.json["error"]["do"]


def test_what_a_gate_stopped_and_what_never_started_are_told(lab: Lab) -> None:
    source = Source(texts=["a"])
    judge = Judge(rows=source.rows, least=5)
    run = lab.run(source, judge, Train(rows=source.rows, options=named("Train", after=[judge]))).run
    with serving_lab(lab) as page:
        train = nodes(page, run.id)["Train"]
        assert (train["state"], train["verdict"]["kind"], train["verdict"]["text"]) == (
            "BLOCKED",
            "blocked",
            "Judge blocks",
        )
        assert page.get("/api/runs")["runs"][0]["nodes"]["blocked"] == 1


@pytest.mark.parametrize("version", [1, 99])
def test_a_failed_run_has_the_nodes_that_never_started_whoever_wrote_its_spec(
    lab: Lab, tmp_path: Path, version: int
) -> None:
    bad = Misbehaving(how="half", memory=str(tmp_path / "memory"))
    run = lab.run(bad, Train(rows=bad.made)).run
    file = lab.workspace.place.state.run_folder(run.id) / "spec.json"
    record = json.loads(file.read_text(encoding="utf-8"))["record"]
    later = {**record["nodes"][1], "id": "Later"}  # as if the process had died before it was skipped
    with serving_lab(lab) as page:
        nodes_of = [*record["nodes"], later]
        file.write_text(json.dumps({"version": version, "record": {**record, "nodes": nodes_of}}), encoding="utf-8")
        found = nodes(page, run.id)
        assert (found["Later"]["state"], found["Later"]["component"]) == ("NOT_STARTED", found["Train"]["component"])
        assert found["Later"]["verdict"]["text"] == "it did not start"
        edges = page.get(f"/api/runs/{run.id}")["edges"]
        assert ("Misbehaving", "Later", "made → rows") in [(edge["from"], edge["to"], edge["label"]) for edge in edges]
        file.write_text('{"record": []}', encoding="utf-8")
        assert set(nodes(page, run.id)) == {"Misbehaving", "Train"}


@pytest.mark.parametrize(
    "rest", ["nodes/..%2f..%2fx/log", "nodes/../../x/log", "nodes/Train/log/x", "Train", "x%2flive"]
)
def test_what_goes_on_after_a_run_is_no_address(served: Served, history: History, rest: str) -> None:
    heard = served.ask(f"/api/runs/{history.first.id}/{rest}")
    assert heard.status == 404, heard.text
    assert heard.json["error"]["found"].startswith("no run ")
