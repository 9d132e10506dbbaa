"""Artifacts: the list by type, one of them, and what may be changed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Lab
from tests.lineage.conftest import History, training
from tests.parts import Source
from tests.ui.browser.conftest import Window, window_of
from tests.ui.conftest import serving_lab


def test_the_list_is_narrowed_by_type_and_leads_to_one(window: Window, history: History) -> None:
    page = window.open("/artifacts")
    page.get_by_role("navigation", name="Types").get_by_role("link", name="Model ", exact=False).first.click()
    page.wait_for_url("**/artifacts?type=Model")
    expect(page.locator(".artifacts-table tbody tr")).to_have_count(2)
    page.locator(".artifacts-table tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("Model")
    expect(page.locator("article")).to_contain_text("quality")
    assert page.url.endswith(f"/artifacts/{history.artifact(history.longer, 'Train', 'model')}")


def test_an_artifact_says_who_made_it_and_who_reads_it(window: Window, history: History) -> None:
    page = window.open(f"/artifacts/{history.artifact(history.first, 'Source', 'rows')}")
    expect(page.locator("header .facts")).to_contain_text("Source")
    expect(page.locator("article")).to_contain_text("Read by")
    expect(page.get_by_role("link", name="rows.txt")).to_be_visible()


def test_a_payload_that_is_gone_is_said_and_what_is_recorded_stays(chromium: Browser, lab: Lab) -> None:
    finished = lab.run(Source(texts=["a"]))
    rows = finished.executions["Source"].outputs["rows"][0]
    (lab.root / rows.path / "rows.txt").unlink()
    (lab.root / rows.path).rmdir()
    with serving_lab(lab) as served:
        for window in window_of(chromium, served):
            page = window.open(f"/artifacts/{rows.id}")
            expect(page.locator("article")).to_contain_text("Its files are gone")
            expect(page.locator("article")).to_contain_text("span")


def test_two_artifacts_are_compared(window: Window, history: History) -> None:
    first, longer = (history.artifact(run, "Train", "model") for run in (history.first, history.longer))
    page = window.open(f"/compare?a=artifact:{first}&b=artifact:{longer}")
    expect(page.locator("#properties")).to_contain_text("quality")
    expect(page.locator("#parameters")).to_contain_text("texts")


@pytest.fixture
def writable(chromium: Browser, lab: Lab) -> Iterator[Window]:
    lab.run(Source(texts=["a"]))
    with serving_lab(lab, write=True) as served:
        yield from window_of(chromium, served)


def test_an_artifact_is_marked_where_the_page_may_write(writable: Window, lab: Lab) -> None:
    (run,) = lab.store.runs()
    (execution,) = lab.attempts(run.id)
    page = writable.open(f"/artifacts/{execution.outputs['rows'][0].id}")
    page.get_by_role("button", name="Mark tainted").click()
    page.get_by_label("Reason").fill("wrong month")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator("header .mark", has_text="tainted")).to_have_count(1)
    expect(page.locator("header .facts")).to_contain_text("wrong month")
    page.get_by_role("button", name="No longer tainted").click()
    expect(page.get_by_role("button", name="Mark tainted")).to_be_visible()
    expect(page.locator("header .mark", has_text="tainted")).to_have_count(0)


def test_what_is_tainted_from_elsewhere_says_from_where_and_the_graph_says_all(chromium: Browser, lab: Lab) -> None:
    made = {e.node: e for e in lab.attempts(lab.run(*training(["a"])).run.id)}
    rows, model = (made[node].outputs[name][0].id for node, name in (("Source", "rows"), ("Train", "model")))
    lab.store.change_taints([model], lambda taints: taints.with_mark(f"artifact:{rows}", "wrong month"))
    with serving_lab(lab) as served:
        for window in window_of(chromium, served):
            page = window.open(f"/artifacts/{model}")
            expect(page.locator("header .mark", has_text="tainted")).to_have_count(1)
            expect(page.locator("header .facts")).to_contain_text(f"wrong month (from artifact:{rows})")
            page = window.open(f"/lineage?focus=artifact:{model}")
            expect(page.locator(f'g.vertex[data-id="artifact:{model}"] .subtitle')).to_have_text("tainted, blessed")
            expect(page.get_by_role("treeitem", name="tainted, blessed").first).to_be_attached()


def test_nothing_offers_to_write_where_the_page_only_reads(window: Window, history: History) -> None:
    page = window.open(f"/artifacts/{history.artifact(history.first, 'Source', 'rows')}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("button", name="Mark tainted")).to_have_count(0)


def test_two_runs_are_compared_from_their_configuration_down(window: Window, history: History) -> None:
    page = window.open(f"/compare?a={history.first.id}&b={history.longer.id}")
    expect(page.locator("section.section h2").first).to_contain_text("Parameters")
    titles = page.locator("section.section h2").evaluate_all("all => all.map((one) => one.firstChild.textContent)")
    assert titles[-1] == "Nodes"
