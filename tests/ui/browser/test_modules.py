"""What the pages compute: layouts, scales, words for numbers, names of exported answers. Run where they run."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from headrace.ui.exported import name_of, quoted

TREE = """async ([ids, pairs, focus]) => {
  const { rootsOf, rowsOf } = await import("/static/graph/tree.js");
  const vertices = ids.map((id) => ({ id }));
  const edges = pairs.map(([from, to]) => ({ from, to }));
  const roots = rootsOf(vertices, edges, focus);
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const all = { has: () => false };
  const rows = rowsOf(roots, edges, byId, all, focus.length > 0, new Set(focus));
  return { roots, rows: rows.map((row) => row.id), isCut: Boolean(rows.isCut) };
}"""
LAYOUT = """async ([ids, edges, direction]) => {
  const { layout } = await import("/static/graph/layout.js");
  const vertices = ids.map((id) => ({ id, width: 100, height: 40 }));
  const begun = performance.now();
  const found = layout(vertices, edges, { direction, gap: 10, layerGap: 30, room: { width: 800, height: 600 } });
  return { ...found, took: performance.now() - begun };
}"""


def laid_out(page: Page, ids: list[str], pairs: list[tuple[str, str]], direction: str = "right") -> Any:
    return page.evaluate(LAYOUT, [ids, [{"from": a, "to": b} for a, b in pairs], direction])


@pytest.fixture(scope="module")
def page(chromium: Browser, served: Any) -> Any:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{served.base}/?token={served.token}")
    yield page
    context.close()


def test_what_is_made_lies_after_what_it_is_made_from(page: Page) -> None:
    places = laid_out(page, ["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])["places"]
    assert places["a"]["x"] < places["b"]["x"] < places["c"]["x"] < places["d"]["x"]


def test_a_circle_is_laid_out_too(page: Page) -> None:
    found = laid_out(page, ["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b")])
    assert found["places"].keys() == {"a", "b", "c"}


def test_a_circle_opens_at_what_is_given_first(page: Page) -> None:
    places = laid_out(page, ["a", "b", "c", "d"], [("d", "b"), ("c", "d"), ("b", "c"), ("a", "b")])["places"]
    assert places["a"]["x"] < places["b"]["x"] < places["c"]["x"] < places["d"]["x"]


@pytest.mark.parametrize(
    ("pairs", "focus", "roots"),
    [
        ([("a", "b"), ("c", "d"), ("d", "c")], [], ["a", "e", "c"]),
        ([("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")], [], ["e", "a", "c"]),
        ([("a", "b"), ("b", "c"), ("a", "d")], ["b"], ["b", "e", "d"]),
    ],
    ids=["circle beside a source", "circles alone", "around a focus"],
)
def test_the_outline_begins_wherever_not_all_is_reached(
    page: Page, pairs: list[tuple[str, str]], focus: list[str], roots: list[str]
) -> None:
    found = page.evaluate(TREE, [list("abcde"), pairs, focus])
    assert found["roots"] == roots
    assert set(found["rows"]) >= set("abcde")
    assert not found["isCut"]


def test_a_long_outline_says_that_it_is_cut(page: Page) -> None:
    found = page.evaluate(TREE, [[str(number) for number in range(700)], [], []])
    assert (len(found["rows"]), found["isCut"]) == (600, True)
    whole = page.evaluate(TREE, [[str(number) for number in range(600)], [], []])
    assert (len(whole["rows"]), whole["isCut"]) == (600, False)


def test_a_long_edge_passes_beside_the_boxes_between(page: Page) -> None:
    ids = [str(number) for number in range(16)]
    pairs = [*pairwise(ids), ("0", "15"), ("1", "14")]
    found = laid_out(page, ids, pairs)
    for (source, target), points in zip(pairs, found["routes"], strict=True):
        for box in set(ids) - {source, target}:
            at = found["places"][box]
            inside = [p for p in points if abs(p["x"] - at["x"]) <= 50 and abs(p["y"] - at["y"]) < 20]
            assert inside == [], (source, target, box)
        assert len(points) >= int(target) - int(source)


NAMED = """async ([names, gap]) => {
  const { layout } = await import("/static/graph/layout.js");
  const { namePlaces, nameWidth } = await import("/static/graph/route.js");
  const boxes = ["a", "b", "c"].map((id) => ({ id, width: 100, height: 30 }));
  const edges = names.map((name, index) => ({ from: index ? "b" : "a", to: index ? "c" : "b", side: "input", name }));
  const twice = [...edges, { ...edges[0] }];
  const rightGap = Math.max(...edges.map(nameWidth));
  const { places, routes } = layout(boxes, twice, { direction: "right", layerGap: gap, rightGap });
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  return { places, named: namePlaces(twice, routes, sizes, "right"), widths: edges.map(nameWidth) };
}"""


def test_a_name_lies_between_the_boxes_and_on_no_other_name(page: Page) -> None:
    found = page.evaluate(NAMED, [["transformed_examples", "x"], 30])
    assert found["named"][2] is None
    for name, width, box in zip(found["named"], found["widths"], "ab", strict=False):
        right = found["places"][box]["x"] + 50
        assert right <= name["x"] - width / 2 + 1
        assert name["x"] + width / 2 <= found["places"]["b" if box == "a" else "c"]["x"] - 50 + 1


def test_what_is_joined_to_nothing_stands_in_rows(page: Page) -> None:
    found = laid_out(page, [f"v{number}" for number in range(12)], [], "auto")
    assert len({place["y"] for place in found["places"].values()}) > 1
    assert found["width"] < 12 * 100


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(2, 30).flatmap(
        lambda size: st.tuples(
            st.just(size), st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=60)
        )
    ),
    st.sampled_from(["right", "down", "auto"]),
)
def test_no_box_lies_on_another(page: Page, graph: tuple[int, list[tuple[int, int]]], direction: str) -> None:
    size, pairs = graph
    ids = [str(number) for number in range(size)]
    found = laid_out(page, ids, [(str(a), str(b)) for a, b in pairs], direction)
    places = list(found["places"].values())
    assert len(places) == size
    assert len(found["routes"]) == len(pairs)
    for index, one in enumerate(places):
        for other in places[:index]:
            assert abs(one["x"] - other["x"]) >= 99.9 or abs(one["y"] - other["y"]) >= 39.9


@pytest.mark.slow
def test_the_time_of_a_layout_grows_as_the_graph_does(page: Page) -> None:
    def took(size: int) -> float:
        pairs = [(str(n // 3), str(n)) for n in range(1, size)] + [(str(n - 7), str(n)) for n in range(11, size)]
        return min(float(laid_out(page, [str(n) for n in range(size)], pairs)["took"]) for _ in range(3))

    took(500)
    assert took(8000) < 40 * took(1000)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("duration(0.085)", "85 ms"),
        ("duration(8.46)", "8.5 s"),
        ("duration(65)", "1 m 05 s"),
        ("duration(59.9)", "1 m 00 s"),
        ("duration(7390)", "2 h 03 m"),
        ("duration(null)", "\N{EN DASH}"),
        ("number(0.025132)", "0.02513"),
        ("number(2008)", "2008"),
        ("number(123456)", "123,456"),
        ("number(0.000004)", "4.00e-6"),
        ("number(null)", "\N{EN DASH}"),
        ("bytes(328416)", "328 kB"),
        ("percent(0.0004)", "<0.1 %"),
        ("percent(0.5)", "50 %"),
        ("signed(-0.25)", "\N{MINUS SIGN}0.25"),
        ("shortRun('20261124-131350-614656-e629')", "20261124-131350"),
    ],
)
def test_numbers_are_written_for_people(page: Page, call: str, text: str) -> None:
    name = call.partition("(")[0]
    found = page.evaluate(f"async () => {{ const {{ {name} }} = await import('/static/format.js'); return {call}; }}")
    assert found == text


def test_ticks_are_round_and_inside(page: Page) -> None:
    found = page.evaluate("async () => (await import('/static/charts/scale.js')).ticks(0.13, 0.97, 5)")
    assert found == [0.2, 0.4, 0.6, 0.8]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("runs", {}),
        ("runs/20261124-131350-614656-e629", {}),
        (f"runs/{quoted('nightly/2026 (3)~')}", {}),
        ("lineage", {"focus": "artifact:4"}),
        ("compare", {"b": "two", "a": "one"}),
        ("lineage", {"focus": "päth/" + "x" * 120, "mode": "blame"}),
    ],
)
def test_an_exported_answer_is_looked_for_where_it_is_written(page: Page, path: str, query: dict[str, str]) -> None:
    ask = "async ([path, query]) => (await import('/static/exported.js')).fileOf(path, query)"
    assert page.evaluate(ask, [path, query]) == f"data/{name_of(path, query)}.js"
