"""The static site, opened as any server of files gives it away, and as a file without one."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from headrace import Function
from headrace.ui.export import export
from headrace.ui.opened import of_database, of_place
from headrace.workers.pool import Pool
from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Apply, Misbehaving, Source
from tests.ui.conftest import Served
from tests.ui.tfx_store import write_tfx_store

SAID = ("error", "warning")
HOSTILE = "</script><script>document.title='run'</script> it's \"said\" \\' \\u0041 \u2028 \u2029 ${1} <!-- ]]>"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving_files(root: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def root(served: Served, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports, each in a folder of its own: the history of the lineage tests, a store of TFX, runs of bare parts."""
    root = tmp_path_factory.mktemp("site")
    export(served.shown, root / "a project")
    store = write_tfx_store(tmp_path_factory.mktemp("tfx"))
    (examples, *_) = store.mlmd.get_artifacts_by_type("Examples")
    examples.custom_properties["note"].string_value = HOSTILE
    store.mlmd.put_artifacts([examples])
    folder = tmp_path_factory.mktemp("parts")
    lab = Lab(folder, pool, project=folder)
    lab.run(Misbehaving(how="speak", memory=str(folder / "memory")), name="spoken")
    source = Source(texts=["a"])
    known = {"__proto__": 3}
    lab.run(source, Apply(rows=source.rows, function=Function("tests.parts:named"), work=known), name="named")
    export(of_place(lab.workspace.place), root / "parts")
    with ExitStack() as stack:
        export(of_database(str(store.file), (), stack), root / "tfx")
    return root


@pytest.fixture(scope="module", params=["http", "file"])
def base(request: pytest.FixtureRequest, root: Path) -> Iterator[str]:
    """The address of the folder that holds the exports, by both protocols."""
    if request.param == "file":
        yield f"{root.as_uri()}/"
    else:
        with serving_files(root) as address:
            yield address


@pytest.fixture
def site(base: str) -> str:
    """The history's address: of its folder where a server finds the document in it."""
    return f"{base}a%20project/{'index.html' if base.startswith('file:') else ''}"


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page of the site, whose console must stay silent."""
    complaints: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type in SAID else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site)
    yield page
    context.close()
    assert complaints == []


def test_its_pages_are_walked_without_a_server(page: Page, history: History) -> None:
    expect(page.locator(".runs-table tbody tr")).to_have_count(5)
    page.locator(".runs-table tbody tr a").first.click()
    expect(page.locator("g.vertex")).to_have_count(4)
    assert f"#/runs/{history.longer.id}" in page.url
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
    expect(page.get_by_role("option").first).to_contain_text(history.broken.id)
    page.get_by_role("option").first.click()
    expect(page.locator(".run-head")).to_contain_text("Failed")


WALKED = """async (query) => {
  const { ask } = await headrace.module("api.js");
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


def test_a_log_is_shown(page: Page, base: str) -> None:
    page.goto(f"{base}parts/index.html#/?pipeline=spoken")
    page.locator(".runs-table tbody tr a").first.click()
    page.locator("g.vertex").first.click()
    expect(page.locator("pre.log")).to_have_text("through print\nthrough the number 2\n")


def test_an_artifact_has_its_preview_and_leads_to_its_graph(page: Page, base: str) -> None:
    page.goto(f"{base}tfx/index.html#/artifacts?type=ExampleStatistics")
    page.locator(".artifacts-table tbody tr a").first.click()
    expect(page.locator("article.artifact")).to_contain_text("company")
    page.get_by_role("link", name="Lineage").last.click()
    expect(page.locator("g.vertex").first).to_be_visible()


def test_text_of_a_store_is_text(page: Page, base: str) -> None:
    page.goto(f"{base}tfx/index.html#/artifacts?type=Examples")
    page.locator(".artifacts-table tbody tr").last.locator("a").first.click()
    expect(page.locator("article.artifact")).to_contain_text("tfx_version")
    shown = page.locator("article.artifact").evaluate("article => article.textContent")
    assert HOSTILE in shown
    assert page.title() != "run"
    assert page.locator("main script").count() == 0


def test_a_name_that_javascript_knows_is_a_name(page: Page, base: str) -> None:
    page.goto(f"{base}parts/index.html#/?pipeline=named")
    page.locator(".runs-table tbody tr a").first.click()
    expect(page.get_by_role("complementary")).to_contain_text('{"__proto__":3}')
