"""What a page must not do: answer strangers, run what stands in a store, reach for other hosts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Lab
from tests.parts import Source
from tests.ui.browser.conftest import Window, window_of
from tests.ui.conftest import Served, serving_lab

SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


@pytest.fixture
def hostile(chromium: Browser, lab: Lab, tmp_path: Path) -> Iterator[Window]:
    """A store whose properties, parameters and pipeline hold markup."""
    lab.run(Source(texts=[SCRIPT, str(tmp_path)]), name="hostile")
    with serving_lab(lab) as served:
        yield from window_of(chromium, served)


def test_markup_in_a_store_is_text(hostile: Window, lab: Lab) -> None:
    (run,) = lab.store.runs()
    (execution,) = lab.attempts(run.id)
    names = execution.outputs["listed"][0].id
    for path in ("/", f"/runs/{run.id}?node=Source", f"/artifacts/{names}", f"/lineage?focus=artifact:{names}"):
        page = hostile.open(path)
        page.locator("main h1").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        assert "headrace" in page.title()
        assert page.locator("main img, main script").count() == 0
    expect(hostile.open(f"/artifacts/{names}").locator("main")).to_contain_text("<img src=x onerror=")


def test_a_browser_without_the_token_is_told_where_it_is(chromium: Browser, served: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    answer = page.goto(f"{served.base}/")
    assert answer is not None
    assert answer.status == 401
    expect(page.locator("body")).to_contain_text("?token=")
    context.close()


def test_the_token_is_not_kept_in_the_address(window: Window) -> None:
    assert "token" not in window.page.url
    assert window.page.evaluate("document.cookie") == ""


@pytest.mark.slow
def test_pages_ask_no_other_host(chromium: Browser, served: Served) -> None:
    asked: set[str] = set()
    for window in window_of(chromium, served):
        window.page.on("request", lambda request: asked.add(request.url.split("/")[2]))
        for path in ("/", "/lineage", "/artifacts", "/compare"):
            window.open(path).wait_for_load_state("networkidle")
    assert asked == {served.base.removeprefix("http://")}
