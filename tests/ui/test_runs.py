"""The list of runs, and what a store is."""

from headrace.spec.records import Json
from tests.lineage.conftest import History
from tests.ui.conftest import Served


def test_a_store_says_what_is_in_it(served: Served) -> None:
    meta = served.get("/api/meta")
    assert (meta["version"], meta["read_only"], meta["can_taint"], meta["own"]) == (1, True, False, True)
    assert meta["counts"]["runs"] == 5
    assert meta["types"]["Model"] == 2
    assert meta["pipelines"] == ["test", "broken"]


def test_runs_are_listed_newest_first_with_how_their_nodes_ended(served: Served, history: History) -> None:
    answer = served.get("/api/runs")
    ids = [run.id for run in (history.longer, history.spaced, history.again, history.first, history.broken)]
    assert [row["id"] for row in answer["runs"]] == ids
    assert answer["total"] == answer["shown"] == 5
    again, broken = answer["runs"][2], answer["runs"][4]
    assert (again["nodes"]["cached"], again["nodes"]["total"]) == (4, 4)
    assert (broken["state"], broken["nodes"]["failed"]) == ("FAILED", 1)
    assert broken["seconds"] > 0


def test_pages_of_the_list_follow_each_other(served: Served) -> None:
    first, second = served.get("/api/runs?limit=2"), served.get("/api/runs?limit=2&offset=2")
    assert (first["total"], first["shown"]) == (5, 2)
    ids = [row["id"] for row in (*first["runs"], *second["runs"])]
    assert ids == [row["id"] for row in served.get("/api/runs")["runs"]][:4]


def test_facets_count_what_each_choice_would_show(served: Served) -> None:
    facets = served.get("/api/runs?pipeline=test")["facets"]
    assert facets == {"pipeline": {"test": 4, "broken": 1}, "state": {"COMPLETE": 4}}


def asked(served: Served, query: str) -> Json:
    return [row["pipeline"] for row in served.get(f"/api/runs?q={query}")["runs"]]


def test_a_filter_narrows_the_list(served: Served, history: History) -> None:
    assert asked(served, "state:failed") == ["broken"]
    assert asked(served, "pipeline:test%20since:1h") == ["test"] * 4
    assert asked(served, "since:2001-01-01%20until:2002-01-01") == []
    assert asked(served, history.broken.id[-4:]) == ["broken"]
    assert asked(served, "failed:Misbehaving") == ["broken"]
    assert asked(served, "seconds>1000") == []


def test_what_cannot_be_read_is_refused_in_three_parts(served: Served) -> None:
    for query, word in (
        ("q=since:soon", "soon"),
        ("q=%22open", "open"),
        ("q=stat:FAILED", "stat"),
        ("limit=-1", "limit"),
    ):
        heard = served.ask(f"/api/runs?{query}")
        assert heard.status == 400
        assert word in heard.json["error"]["found"]
        assert heard.json["error"]["do"]
