"""A run: its graph, its timeline, one node, and what goes on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Misbehaving, Source
from tests.ui.browser.conftest import Window, window_of
from tests.ui.conftest import serving_lab
from tests.ui.test_live import started


def test_the_graph_shows_every_node_and_a_click_tells_of_one(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.longer.id}")
    expect(page.locator("g.vertex")).to_have_count(4)
    page.locator('g.vertex[data-id="Train"]').click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("Train")
    expect(panel).to_contain_text("input rows[0]")
    expect(panel.get_by_role("link", name="Model")).to_be_visible()
    assert "node=Train" in page.url


def test_a_cached_node_names_the_execution_that_stands_for_it(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.again.id}?node=Train")
    origin = history.execution(history.first, "Train").id
    expect(page.get_by_role("complementary")).to_contain_text(f"execution {origin}")


def test_a_failed_node_shows_the_users_frame_and_its_log(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.broken.id}?node=Misbehaving")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("ValueError")
    expect(panel).to_contain_text("cannot go on")
    expect(panel.locator(".frame")).to_contain_text("parts.py")


def test_a_failed_run_opens_its_failed_node_until_it_is_closed(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.broken.id}")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("cannot go on")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)
    page.reload()
    expect(page.locator("g.vertex")).to_have_count(1)
    expect(panel).to_have_count(0)


def test_the_timeline_has_a_row_for_each_node(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.longer.id}")
    page.get_by_role("button", name="Timeline").click()
    expect(page.locator(".timeline-row")).to_have_count(4)
    assert "view=timeline" in page.url


def test_the_graph_is_walked_by_keys(window: Window, history: History) -> None:
    page = window.open(f"/runs/{history.longer.id}")
    expect(page.locator("g.vertex")).to_have_count(4)
    page.locator("svg.graph-svg").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("g.vertex.is-chosen")).to_have_count(1)
    expect(page.get_by_role("complementary")).to_be_visible()


@pytest.fixture
def going(chromium: Browser, own_lab: Lab, tmp_path: Path) -> Iterator[tuple[Window, threading.Thread]]:
    """A window on a store in which a run hangs until its lab is interrupted."""
    own_lab.run(Source(texts=["before"]), name="earlier")
    slow = Misbehaving(how="hang", memory=str(tmp_path / "memory"))
    thread = threading.Thread(target=lambda: own_lab.run(Source(texts=["a"]), slow, name="slow"))
    with serving_lab(own_lab) as page:
        thread.start()
        yield from ((window, thread) for window in window_of(chromium, page))
    own_lab.interrupted.set()
    thread.join(60)


@pytest.mark.slow
def test_states_change_while_a_run_goes_on(going: tuple[Window, threading.Thread], own_lab: Lab) -> None:
    window, thread = going
    run = started(window.served, "slow")
    page = window.open(f"/runs/{run}")
    expect(page.locator('g.vertex[data-id="Misbehaving"]')).to_have_class("vertex node is-running", timeout=30_000)
    own_lab.interrupted.set()
    expect(page.locator('g.vertex[data-id="Misbehaving"]')).to_have_class("vertex node is-canceled", timeout=30_000)
    expect(page.locator(".run-head")).to_contain_text("Canceled")
    thread.join(60)
