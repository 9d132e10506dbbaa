"""The static site, opened as any server of files gives it away."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Error, Page, expect

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


WALKED = """async (query) => {
  const { ask } = await import(new URL("static/api.js", location.href));
  return ask("lineage", query);
}"""


@pytest.mark.parametrize(
    "query",
    [
        {"up": "0"},
        {"up": "1", "down": "1"},
        {"up": "all", "down": "all"},
        {"down": "all", "until": "Model"},
        {"down": "all", "within_run": "1"},
        {"mode": "blame"},
        {"mode": "impact"},
    ],
)
def test_every_question_has_the_servers_answer(page: Page, served: Served, query: dict[str, str]) -> None:
    snapshot = served.shown.snapshot()
    focuses = [f"artifact:{number}" for number in snapshot.by_artifact]
    if "mode" not in query:
        focuses += [f"execution:{number}" for number in snapshot.by_execution]
        focuses += [f"run:{run.id}" for run in snapshot.runs()]
    for focus in focuses:
        told = page.evaluate(WALKED, {"focus": focus, **query})
        asked = served.get(f"/api/lineage?{urlencode({'focus': focus, **query})}")
        for answer in (told, asked):
            answer["vertices"] = {vertex["id"]: vertex for vertex in answer["vertices"]}
            answer["edges"] = {(edge["from"], edge["to"], edge["label"]) for edge in answer["edges"]}
            answer["focus"] = sorted(answer["focus"])
        assert told == asked, focus


@pytest.mark.parametrize(
    "reference",
    ["@latest", "@prev", "training@latest", "Model@latest", "Model@blessed", "Rows@span=1", "Train", "Train.model"],
)
def test_references_name_what_they_name_on_a_server(page: Page, served: Served, reference: str) -> None:
    heard = served.ask(f"/api/lineage?{urlencode({'focus': reference, 'up': 0, 'down': 0})}")
    if heard.status == 200:
        told = page.evaluate(WALKED, {"focus": reference, "up": "0", "down": "0"})
        assert told["reference"] == heard.json["reference"]
    else:
        with pytest.raises(Error, match="nothing is called"):
            page.evaluate(WALKED, {"focus": reference, "up": "0", "down": "0"})


def test_only_what_an_export_answers_is_offered(page: Page, site: str, history: History) -> None:
    page.goto(f"{site}#/lineage?focus=Model@latest&up=all")
    expect(page.get_by_role("group", name="Depth")).to_contain_text("all")
    expect(page.get_by_role("combobox", name="Mode", exact=True).locator("option")).to_have_count(3)
    expect(page.get_by_role("combobox", name="Collapse")).to_have_count(0)
    page.get_by_role("combobox", name="Mode", exact=True).select_option("impact")
    expect(page.get_by_role("complementary")).to_contain_text("All that was made from it")
    page.goto(f"{site}#/")
    expect(page.locator(".runs-table td.pick")).to_have_count(0)
    page.goto(f"{site}#/compare")
    page.get_by_role("combobox", name="Runs", exact=True).select_option(f"{history.spaced.id} {history.longer.id}")
    expect(page.locator("nav.counts")).to_contain_text("parameters")
    page.get_by_role("link", name="As a graph").click()
    expect(page.locator("g.vertex.diff-changed").first).to_be_visible()


def test_a_filter_that_needs_the_store_says_so(page: Page) -> None:
    page.get_by_label("Filter runs").fill("since:7d")
    expect(page.get_by_role("alert")).to_contain_text("since:7d is not part of the export")
