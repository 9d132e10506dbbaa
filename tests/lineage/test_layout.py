import time
from itertools import combinations

from headrace.lineage.layout import Layout, layout

SIZE = (100.0, 40.0)


def placed(*links: tuple[str, str]) -> Layout:
    return layout({name: SIZE for link in links for name in link}, links)


def test_lines_lead_to_the_right() -> None:
    found = placed(("a", "b"), ("b", "c"), ("a", "c"))
    assert [found.corners[name][0] for name in "abc"] == [0.0, 156.0, 312.0]
    assert [len(route) for route in found.routes] == [2, 2, 4]  # the long one is led through the middle layer


def test_boxes_do_not_overlap() -> None:
    links = [(f"s{i}", f"t{i * 7 % 5}") for i in range(12)]
    corners = placed(*links).corners
    for (x, y), (other_x, other_y) in combinations(corners.values(), 2):
        assert abs(x - other_x) >= SIZE[0] or abs(y - other_y) >= SIZE[1]


def test_what_only_leads_somewhere_stands_right_before_it() -> None:
    corners = placed(("a", "b"), ("b", "c"), ("late", "c")).corners
    assert corners["late"][0] == corners["b"][0]


def test_a_cycle_is_placed() -> None:
    found = placed(("a", "b"), ("b", "a"))
    assert len(found.corners) == 2
    assert min(y for _, y in found.corners.values()) == 0.0


def test_a_cycle_opens_at_the_box_that_is_given_first() -> None:
    corners = layout(dict.fromkeys("abcd", (10.0, 10.0)), [("d", "b"), ("c", "d"), ("b", "c"), ("a", "b")]).corners
    assert corners["a"][0] < corners["b"][0] < corners["c"][0] < corners["d"][0]


def test_nothing_has_no_size() -> None:
    assert layout({}, []) == Layout(0.0, 0.0, {}, [])


def test_a_chain_is_straight() -> None:
    heights = {y for _, y in placed(*((f"n{i}", f"n{i + 1}") for i in range(20))).corners.values()}
    assert heights == {0.0}


def test_time_grows_with_the_number_of_boxes() -> None:
    def seconds(count: int) -> float:
        links = [(f"n{i}", f"n{i + step}") for i in range(count) for step in (1, 3) if (i + step) % 50]
        began = time.process_time()
        placed(*links)
        return time.process_time() - began

    seconds(500)
    assert seconds(8000) < 40 * max(seconds(800), 0.005)
