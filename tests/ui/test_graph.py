"""The graph in the page: around a focus, by mode, collapsed where it is large; compare and search."""

from typing import Any
from urllib.parse import urlencode

from headrace.ui.views.vertices import states_text
from tests.lineage.conftest import History
from tests.ui.conftest import Served


def graph(page: Served, **query: object) -> Any:
    return page.get(f"/api/lineage?{urlencode(query)}")


def titles(answer: Any, kind: str = "execution") -> list[str]:
    return sorted(vertex["title"] for vertex in answer["vertices"] if vertex["kind"] == kind)


def test_without_a_focus_the_store_is_shown_by_type(served: Served) -> None:
    answer = graph(served)
    counts = {vertex["id"]: vertex["count"] for vertex in answer["vertices"]}
    assert (answer["collapsed"], counts["type:Model"], counts["node:Train"]) == (True, 2, 4)
    assert {"from": "node:Train", "to": "type:Model", "count": 4} in [
        {name: edge[name] for name in ("from", "to", "count")} for edge in answer["edges"]
    ]
    assert sum(counts.values()) == answer["total"]


def test_groups_say_first_what_went_wrong() -> None:
    states = {"COMPLETE": 1200, "CACHED": 9, "BLOCKED": 2, "FAILED": 1}
    assert states_text(states) == "1 FAILED, 2 BLOCKED, 1,200 COMPLETE, 9 CACHED"


def test_a_focus_has_its_surroundings_with_labels_and_what_is_beyond(served: Served, history: History) -> None:
    model = history.artifact(history.first, "Train", "model")
    answer = graph(served, focus=f"artifact:{model}", up=1, down=0)
    assert answer["focus"] == [f"artifact:{model}"]
    assert titles(answer) == ["Train"]
    assert ("rows", "input") in [(edge["label"], edge["side"]) for edge in answer["edges"]]
    vertices = {vertex["id"]: vertex for vertex in answer["vertices"]}
    assert vertices[f"artifact:{model}"]["marks"] == ["blessed"]
    assert vertices[f"artifact:{model}"]["beyond"] == {"up": 0, "down": 2}  # it is a baseline later
    assert vertices[f"artifact:{history.artifact(history.first, 'Source', 'rows')}"]["beyond"]["up"] == 1
    whole = graph(served, focus=f"artifact:{model}", up="all", down="all")
    assert set(titles(whole)) == {"Bless", "Source", "Train"}


def test_a_run_is_shown_whole(served: Served, history: History) -> None:
    answer = graph(served, focus=f"run:{history.first.id}", up=0, down=0)
    assert titles(answer) == ["Bless", "Judge", "Source", "Train"]
    assert answer["reference"] == history.first.id


def test_a_walk_ends_at_a_type_or_at_the_border_of_the_run(served: Served, history: History) -> None:
    rows = history.artifact(history.first, "Source", "rows")
    answer = graph(served, focus=f"artifact:{rows}", up=0, down="all", until="Model")
    assert "Bless" not in titles(answer)
    inside = graph(served, focus=f"artifact:{rows}", up="all", down="all", within_run=1)
    assert {v["run"] for v in inside["vertices"] if v["kind"] == "execution"} == {history.first.id}


def test_artifacts_alone_are_joined_through_executions(served: Served, history: History) -> None:
    model = history.artifact(history.first, "Train", "model")
    answer = graph(served, focus=f"artifact:{model}", up=1, down=1, kinds="artifacts")
    assert titles(answer) == []
    rows = history.artifact(history.first, "Source", "rows")
    assert (f"artifact:{rows}", f"artifact:{model}", "Train") in [
        (edge["from"], edge["to"], edge["label"]) for edge in answer["edges"]
    ]
    only = graph(served, focus=f"artifact:{model}", up=2, down=1, kinds="executions")
    assert set(titles(only)) == {"Bless", "Source", "Train"}
    assert titles(only, "artifact") == []


def test_blame_names_the_leaves(served: Served, history: History) -> None:
    answer = graph(served, focus=f"{history.first.id}/Train.model", mode="blame")
    leaves = [vertex["id"] for vertex in answer["vertices"] if "leaf" in vertex["marks"]]
    assert leaves == [f"artifact:{history.artifact(history.first, 'Source', 'rows')}"]
    assert [leaf["node"] for leaf in answer["blame"]["data"]] == ["Source"]
    assert titles(answer) == ["Source", "Train"]


def test_impact_counts_what_was_made(served: Served, history: History) -> None:
    rows = history.artifact(history.first, "Source", "rows")
    answer = graph(served, focus=f"artifact:{rows}", mode="impact")
    assert answer["impact"]["artifacts"]["Model"] == 1
    assert history.again.id in answer["impact"]["runs"]
    assert answer["impact"]["models"][0]["blessed"] is True


def test_a_way_leads_from_one_thing_to_another(served: Served, history: History) -> None:
    rows = history.artifact(history.first, "Source", "rows")
    blessing = history.artifact(history.first, "Bless", "blessing")
    answer = graph(served, focus=f"artifact:{rows}", to=f"artifact:{blessing}", mode="path")
    assert (answer["ways"]["count"], answer["ways"]["direction"]) == (1, "down")
    assert answer["ways"]["shortest"][0] == f"artifact:{rows}"
    assert titles(answer) == ["Bless", "Train"]
    back = graph(served, focus=f"artifact:{blessing}", to=f"artifact:{rows}", mode="path")
    assert (back["ways"]["count"], back["ways"]["direction"]) == (1, "up")


def test_two_runs_are_drawn_over_each_other(served: Served, history: History) -> None:
    answer = graph(served, focus=history.first.id, to=history.longer.id, mode="diff")
    nodes = {vertex["title"]: vertex for vertex in answer["vertices"] if vertex["kind"] == "execution"}
    assert {name: node["diff"] for name, node in nodes.items()} == dict.fromkeys(
        ("Source", "Judge", "Train", "Bless"), "changed"
    )
    assert [change["part"] for change in nodes["Source"]["why"]] == ["parameter texts"]
    same = graph(served, focus=history.first.id, to=history.again.id, mode="diff")
    assert {vertex["diff"] for vertex in same["vertices"]} == {"same"}
    other = graph(served, focus=history.broken.id, to=history.longer.id, mode="diff")
    verdicts = {v["title"]: v["diff"] for v in other["vertices"] if v["kind"] == "execution"}
    assert (verdicts["Misbehaving"], verdicts["Train"]) == ("only_a", "only_b")


def test_what_is_too_much_is_collapsed_and_says_how_much_there_is(served: Served, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    whole = graph(served, focus=model, up="all", down="all")
    few = graph(served, focus=model, up="all", down="all", limit=3)
    assert few["collapsed"]
    assert few["total"] == whole["total"] > 3
    assert sum(vertex["count"] for vertex in few["vertices"]) == few["total"]
    assert f"{few['total']} executions and artifacts as" in few["note"]
    capped = graph(served, focus=model, up="all", down="all", limit=3, collapse="none")
    assert (capped["shown"], capped["note"]) == (3, f"3 of {whole['total']}")
    by_type = graph(served, focus=model, up="all", down="all", collapse="type")
    assert {"type:Model", "node:Train"} <= {vertex["id"] for vertex in by_type["vertices"]}


def test_the_graph_is_shown_as_of_a_moment(served: Served, history: History) -> None:
    between = history.spaced.started
    answer = graph(served, focus="Model@latest", as_of=between, up=0, down=0)
    assert answer["focus"] == [f"artifact:{history.artifact(history.first, 'Train', 'model')}"]
    assert graph(served, as_of=history.first.started - 1)["total"] < graph(served)["total"]


def test_mistakes_are_refused_in_three_parts(served: Served, history: History) -> None:
    wrong = {
        "focus=Model@latest&mode=guess": "mode",
        "focus=Model@latest&mode=diff": "without `to`",
        "focus=Model@latest&kinds=all": "kinds",
        "focus=Model@latest&collapse=all": "collapse",
        "focus=Model@latest&up=many": "up",
        "focus=Model@latest&as_of=then": "then",
        f"focus={history.first.id}&to=Model@latest&mode=path": "run",
    }
    for query, word in wrong.items():
        heard = served.ask(f"/api/lineage?{query}")
        assert (heard.status, word in heard.json["error"]["found"]) == (400, True), query


def test_unknown_and_ambiguous_references_are_answered_with_candidates(served: Served, history: History) -> None:
    heard = served.ask("/api/lineage?focus=Trian")
    assert (heard.status, "Train" in heard.json["error"]["do"]) == (404, True)
    heard = served.ask(f"/api/lineage?focus={history.first.id[:5]}")
    assert (heard.status, history.longer.id in heard.json["error"]["found"]) == (404, True)


def test_runs_and_artifacts_are_compared(served: Served, history: History) -> None:
    runs = served.get(f"/api/compare?a={history.first.id}&b={history.longer.id}")
    assert runs["kind"] == "runs"
    assert ("Source", "texts") in [(change["node"], change["name"]) for change in runs["parameters"]]
    models = [history.artifact(run, "Train", "model") for run in (history.first, history.longer)]
    artifacts = served.get(f"/api/compare?a=artifact:{models[0]}&b=artifact:{models[1]}")
    assert "quality" in [change["part"] for change in artifacts["properties"]]
    assert served.ask(f"/api/compare?a={history.first.id}&b=Model@latest").status == 400
    assert served.ask(f"/api/compare?a={history.first.id}").status == 400


def test_a_search_takes_references_first_and_texts_then(served: Served, history: History) -> None:
    def found(text: str) -> list[Any]:
        return list(served.get(f"/api/search?{urlencode({'q': text})}")["matches"])

    model = history.artifact(history.longer, "Train", "model")
    assert found("Model@blessed")[0]["href"] == f"/artifacts/{model}"
    assert found(history.first.id)[0]["href"] == f"/runs/{history.first.id}"
    assert {"execution", "artifact"} <= {match["kind"] for match in found("train")}
    assert found("ModelBl")[0]["reference"] == "ModelBlessing@latest"
    assert found("") == []
    assert found("no such thing") == []
    assert len(found("e")) <= 20
