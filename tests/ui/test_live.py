"""A run that goes on, as a stream of events."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Misbehaving, Source
from tests.ui.conftest import Served, serving_lab


def events(page: Served, run: str, **headers: str) -> Iterator[tuple[str, Any]]:
    """Read the events of a stream until the server ends it."""
    sent = {"Authorization": f"Bearer {page.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    request = urllib.request.Request(f"{page.base}/api/runs/{run}/live", headers=sent)
    with urllib.request.urlopen(request, timeout=60) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        name = ""
        for line in stream:
            kind, _, value = line.decode().rstrip("\n").partition(": ")
            if kind == "event":
                name = value
            elif kind == "data":
                yield name, json.loads(value)


def test_a_run_that_has_ended_is_told_at_once_and_the_stream_ends(served: Served, history: History) -> None:
    told = list(events(served, history.first.id))
    assert [name for name, _ in told][-1] == "end"
    assert {node["id"] for name, data in told if name == "nodes" for node in data["nodes"]} == {
        "Source",
        "Judge",
        "Train",
        "Bless",
    }
    assert [data["state"] for name, data in told if name == "run"] == ["COMPLETE"]


def test_a_browser_that_comes_back_after_the_end_is_told_to_stay_away(served: Served, history: History) -> None:
    assert served.ask(f"/api/runs/{history.first.id}/live", Last_Event_ID="end").status == 204
    assert served.ask(f"/api/runs/{history.first.id}/live", Last_Event_ID="7").status == 200


def test_a_stream_of_an_unknown_run_is_refused(served: Served) -> None:
    assert served.ask("/api/runs/nothing/live").status == 404


def test_what_executors_report_is_told(lab: Lab, tmp_path: Path) -> None:
    run = lab.run(Misbehaving(how="report", memory=str(tmp_path / "memory")), name="reports").run
    with serving_lab(lab) as page:
        told = [data for name, data in events(page, run.id) if name == "progress"]
    progress = {"what": "step", "done": 1, "total": 2, "text": "half way"}
    assert told == [{"node": "Misbehaving", "progress": progress}]


def test_the_states_of_a_run_arrive_while_it_goes_on(own_lab: Lab, tmp_path: Path) -> None:
    own_lab.run(Source(texts=["before"]), name="earlier")  # the store is there
    slow = Misbehaving(how="hang", memory=str(tmp_path / "memory"))
    going = threading.Thread(target=lambda: own_lab.run(Source(texts=["a"]), slow, name="slow"))
    with serving_lab(own_lab) as page:
        going.start()
        run = started(page, "slow")
        seen: list[str] = []
        states: list[str] = []
        for name, data in events(page, run):
            if name == "nodes":
                seen += [f"{node['id']} {node['state']}" for node in data["nodes"]]
            if name == "run":
                states.append(data["state"])
            if "Misbehaving RUNNING" in seen:
                own_lab.interrupted.set()
        going.join(30)
    assert "Misbehaving RUNNING" in seen
    assert seen.index("Misbehaving RUNNING") < seen.index("Misbehaving CANCELED")
    assert (states[0], states[-1]) == ("RUNNING", "CANCELED")


def started(page: Served, pipeline: str) -> str:
    """Wait for a run of a pipeline."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.shown.forget()
        if rows := page.get(f"/api/runs?pipeline={pipeline}")["runs"]:
            return str(rows[0]["id"])
        time.sleep(0.05)
    raise AssertionError(f"no run of {pipeline}")
