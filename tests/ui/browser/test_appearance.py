"""How pages fit: narrow and wide, light and dark, without a mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.lineage.conftest import History
from tests.ui.browser.conftest import Window, window_of
from tests.ui.conftest import Served

PATHS = ("/", "/runs/{run}", "/runs/{run}?node=Train&view=timeline", "/lineage", "/artifacts", "/compare")


@pytest.fixture
def dark(chromium: Browser, served: Served) -> Iterator[Window]:
    yield from window_of(chromium, served, color_scheme="dark")


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(window: Window, history: History, path: str, width: int) -> None:
    window.page.set_viewport_size({"width": width, "height": 844})
    page = window.open(path.format(run=history.longer.id))
    page.locator("main h1").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_is_what_the_system_says_until_somebody_chooses(dark: Window) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    before = dark.page.evaluate(ground)
    dark.page.get_by_role("button", name="Light colours").click()
    light = dark.page.evaluate(ground)
    assert light != before
    dark.page.reload()
    assert dark.page.evaluate(ground) == light


def test_the_first_key_leads_past_the_frame_and_a_slash_to_the_search(window: Window) -> None:
    page = window.page
    expect(page.locator(".runs-table")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("/")
    expect(page.locator(":focus")).to_have_attribute("role", "combobox")


def test_the_search_finds_by_reference(window: Window, history: History) -> None:
    page = window.page
    expect(page.locator(".runs-table")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("Model@latest")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/artifacts/{history.artifact(history.longer, 'Train', 'model')}")
    expect(page.locator("h1")).to_contain_text("Model")
