"""Lineage: from a whole store to one thing, and all questions that the address holds."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.lineage.conftest import History
from tests.ui.browser.conftest import Window


def shown(page: Page) -> set[str]:
    """Wait for a drawn graph, and list its vertices."""
    page.locator("g.vertex").first.wait_for()
    return {str(vertex.get_attribute("data-id")) for vertex in page.locator("g.vertex").all()}


def test_a_store_opens_on_its_types_and_a_type_leads_to_its_artifacts(window: Window) -> None:
    page = window.open("/lineage")
    vertices = shown(page)
    assert "type:Model" in vertices
    assert not any(vertex.startswith("artifact:") for vertex in vertices)
    page.locator('g.vertex[data-id="type:Model"]').dblclick()
    page.wait_for_url("**/artifacts?type=Model")
    expect(page.locator(".artifacts-table tbody tr")).to_have_count(2)


def test_a_search_gives_the_focus(window: Window, history: History) -> None:
    page = window.open("/lineage")
    page.get_by_role("combobox", name="Focus").fill("Model@latest")
    page.get_by_role("option").first.click()
    model = f"artifact:{history.artifact(history.longer, 'Train', 'model')}"
    page.wait_for_url(f"**/lineage?focus={model}")
    expect(page.locator(f'g.vertex[data-id="{model}"]')).to_be_visible()
    expect(page.locator("g.vertex.is-focus")).to_have_count(1)


def test_depth_and_direction_are_in_the_address(window: Window, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    page = window.open(f"/lineage?focus={model}")
    vertices = page.locator("g.vertex")
    both = shown(page)
    page.get_by_role("button", name="Made from").click()
    page.wait_for_url("**down=0**")
    expect(vertices).not_to_have_count(len(both))
    up = shown(page)
    assert up < both
    page.get_by_role("button", name="Less deep").click()
    page.wait_for_url("**up=1**")
    expect(page.get_by_role("group", name="Depth")).to_contain_text("1 hop")
    page.go_back()
    expect(page.get_by_role("group", name="Depth")).to_contain_text("2 hops")
    expect(vertices).to_have_count(len(up))


def test_a_vertex_is_opened_in_place_and_pinned(window: Window, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    train = f"execution:{history.execution(history.first, 'Train').id}"
    page = window.open(f"/lineage?focus={model}&up=0&down=0")
    assert shown(page) == {model}
    page.locator(f'g.vertex[data-id="{model}"]').click()
    page.get_by_role("button", name=re.compile(r"^\+1 made from")).click()
    expect(page.locator(f'g.vertex[data-id="{train}"]')).to_be_visible()
    assert f"open={model}~up" in page.url
    page.get_by_role("button", name="Pin").click()
    page.wait_for_url(f"**pin={model}**")
    page.reload()
    expect(page.locator(f'g.vertex[data-id="{train}"]')).to_be_visible()


def test_the_outline_is_a_tree_that_keys_walk(window: Window, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    page = window.open(f"/lineage?focus={model}")
    shown(page)
    items = page.get_by_role("treeitem")
    items.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=treeitem]:focus")).to_contain_text("Train")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("heading", name="Train")).to_be_visible()
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_contain_text("Train")


def test_blame_and_impact_tell_beside_the_graph(window: Window, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    page = window.open(f"/lineage?focus={model}&mode=blame")
    shown(page)
    expect(page.get_by_role("complementary")).to_contain_text("Determined by")
    expect(page.get_by_role("complementary")).to_contain_text("tests.parts")
    page.get_by_label("Mode").select_option("impact")
    page.wait_for_url("**mode=impact**")
    expect(page.get_by_role("complementary")).to_contain_text("All that was made from it")


def test_few_edges_bear_the_names_of_inputs_and_outputs(window: Window, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    page = window.open(f"/lineage?focus={model}&up=1&down=0")
    shown(page)
    assert {"rows", "model"} <= set(page.locator("text.edge-name").all_text_contents())


def test_two_runs_lie_over_each_other(window: Window, history: History) -> None:
    page = window.open(f"/lineage?focus={history.first.id}&to={history.longer.id}&mode=diff")
    shown(page)
    expect(page.locator("g.vertex.diff-changed").first).to_be_visible()
    expect(page.locator("g.vertex.diff-changed .diff-sign text").first).to_have_text("≠")


def test_ways_lead_from_one_to_another(window: Window, history: History) -> None:
    rows, blessing = (
        f"artifact:{history.artifact(history.first, node, output)}"
        for node, output in (("Source", "rows"), ("Bless", "blessing"))
    )
    page = window.open(f"/lineage?focus={rows}&mode=path&to={blessing}")
    assert {rows, blessing} <= shown(page)
    expect(page.get_by_role("complementary")).to_contain_text("the shortest")


def test_an_unknown_focus_is_refused_in_words(window: Window) -> None:
    page = window.open("/lineage?focus=artifact:99999")
    expect(page.get_by_role("alert")).to_contain_text("artifact:99999")
    window.complaints.clear()  # the browser itself notes a status of 404


@pytest.mark.slow
def test_what_is_on_screen_is_saved_in_four_ways(window: Window, history: History, tmp_path: Path) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    page = window.open(f"/lineage?focus={model}")
    vertices = shown(page)
    saved: dict[str, bytes] = {}
    for kind in ("SVG", "PNG", "DOT", "JSON"):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=kind).click()
        file = tmp_path / kind
        download.value.save_as(file)
        saved[kind] = file.read_bytes()
    assert saved["PNG"].startswith(b"\x89PNG")
    assert saved["SVG"].startswith(b"<svg")
    assert b"Model" in saved["SVG"]
    assert saved["DOT"].startswith(b"digraph")
    assert {vertex["id"] for vertex in json.loads(saved["JSON"])["vertices"]} == vertices
