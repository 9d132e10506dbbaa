"""The penguins from nothing to a served model, and again."""

import json

from tests.end_to_end.project import NODES, Project, accuracy


def test_all_nine_nodes_complete(ran: Project) -> None:
    assert ran.states() == dict.fromkeys(NODES, "COMPLETE")


def test_the_run_is_complete_and_its_model_is_good(ran: Project) -> None:
    assert ran.store().runs()[0].state == "COMPLETE"
    assert accuracy(ran) >= 0.9


def test_a_model_is_served(ran: Project) -> None:
    assert [folder.name for folder in ran.served.iterdir() if folder.name.isdigit()] == ["1"]
    assert (ran.served / "1" / "saved_model.pb").is_file()


def test_nothing_is_left_beside_the_artifacts(ran: Project) -> None:
    assert ran.half_written() == []
    assert list((ran.folder / ".headrace").glob("runs/*/lease.json")) == []
    assert list((ran.folder / ".headrace" / "claims").iterdir()) == []


def test_what_happened_is_told_in_numbered_lines(ran: Project) -> None:
    file = ran.folder / ".headrace" / "runs" / ran.last_run() / "events.ndjson"
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    ended = [event["node"] for event in told if event["to"] == "COMPLETE" and event["node"]]
    assert sorted(ended) == sorted(NODES)
    assert (told[0]["to"], told[-1]["to"]) == ("RUNNING", "COMPLETE")


def test_a_second_run_is_cached_throughout(warm: Project) -> None:
    said = warm.headrace("run", "penguins")
    assert said.code == 0, said.err
    assert warm.states() == dict.fromkeys(NODES, "CACHED")
    assert [folder.name for folder in warm.served.iterdir() if folder.name.isdigit()] == ["1"]
