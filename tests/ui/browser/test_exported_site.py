"""The static site, opened as any server of files gives it away."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from headrace.ui.export import export
from tests.lineage.conftest import History
from tests.ui.conftest import Served


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The history of the lineage tests, exported into a folder below the server's root, as pages of a project are."""
    root = tmp_path_factory.mktemp("site")
    export(served.shown, root / "project")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/project/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page of the site, whose console must stay silent."""
    complaints: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site)
    yield page
    context.close()
    assert complaints == []


def test_its_pages_are_walked_without_a_server(page: Page, history: History) -> None:
    expect(page.locator(".runs-table tbody tr")).to_have_count(5)
    page.locator(".runs-table tbody tr a").first.click()
    expect(page.locator("g.vertex")).to_have_count(4)
    assert f"index.html#/runs/{history.longer.id}" in page.url or f"#/runs/{history.longer.id}" in page.url
    page.get_by_role("link", name="Lineage").last.click()
    expect(page.locator("g.vertex").first).to_be_visible()
    page.get_by_role("link", name="Artifacts").first.click()
    page.locator(".artifacts-table tbody tr a").first.click()
    expect(page.locator("article.artifact")).to_be_visible()
    page.go_back()
    expect(page.locator(".artifacts-table")).to_be_visible()


def test_its_lists_are_filtered_in_the_page(page: Page) -> None:
    page.get_by_label("Filter runs").fill("pipeline:broken")
    expect(page.locator(".runs-table tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=False).first.wait_for(state="detached")


def test_its_search_finds_runs(page: Page, history: History) -> None:
    expect(page.locator(".runs-table")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(history.broken.id)
    page.get_by_role("option").first.click()
    expect(page.locator(".run-head")).to_contain_text("Failed")
