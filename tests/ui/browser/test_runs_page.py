"""The list of runs: what it shows, how it is narrowed, how two are chosen."""

from playwright.sync_api import expect

from tests.lineage.conftest import History
from tests.ui.browser.conftest import Window


def test_the_runs_are_listed_with_states_in_words(window: Window, history: History) -> None:
    rows = window.page.locator(".runs-table tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.last).to_contain_text("broken")
    expect(rows.last).to_contain_text("Failed")
    expect(rows.nth(2)).to_contain_text("4 cached")
    assert rows.last.locator("a").first.get_attribute("href") == f"/runs/{history.broken.id}"


def test_a_facet_and_a_filter_narrow_the_list_and_stand_in_the_address(window: Window) -> None:
    page, rows = window.page, window.page.locator(".runs-table tbody tr")
    page.get_by_role("button", name="Failed").click()
    expect(rows).to_have_count(1)
    assert "state=FAILED" in page.url
    page.get_by_role("button", name="Failed").click()
    expect(rows).to_have_count(5)
    page.get_by_label("Filter runs").fill("pipeline:broken")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("broken")
    page.wait_for_url("**q=pipeline:broken**")
    page.reload()
    expect(rows).to_have_count(1)


def test_a_filter_that_fits_nothing_says_so_and_is_cleared(window: Window) -> None:
    page = window.page
    page.get_by_label("Filter runs").fill("pipeline:nothing")
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator(".runs-table tbody tr")).to_have_count(5)


def test_a_filter_that_is_wrong_is_refused_in_words(window: Window) -> None:
    window.open("/?q=since:yesterdayish")
    expect(window.page.get_by_role("alert")).to_contain_text("Expected")
    window.complaints.clear()  # the browser itself notes a status of 400


def test_two_chosen_runs_are_compared_the_older_first(window: Window, history: History) -> None:
    page = window.page
    page.get_by_label(f"Compare {history.longer.id}").check()
    page.get_by_label(f"Compare {history.first.id}").check()
    page.get_by_role("link", name="Compare", exact=True).last.click()
    page.wait_for_url("**/compare?**")
    assert f"a={history.first.id}&b={history.longer.id}" in page.url
    expect(page.locator("#parameters")).to_contain_text("texts")
    expect(page.locator("#nodes")).to_contain_text("Source")


def test_the_back_button_leads_back(window: Window, history: History) -> None:
    page = window.page
    page.locator(".runs-table tbody tr a").first.click()
    page.wait_for_url(f"**/runs/{history.longer.id}")
    page.go_back()
    expect(page.locator(".runs-table tbody tr")).to_have_count(5)


def test_a_run_that_begins_appears_without_a_reload(window: Window) -> None:
    expect(window.page.locator(".dot")).to_be_visible()
    requests: list[str] = []
    window.page.on("request", lambda request: requests.append(request.url))
    with window.page.expect_request("**/api/runs?**", timeout=10_000):
        pass
    assert not any("token=" in url for url in requests)


def test_a_search_without_a_match_says_so(window: Window) -> None:
    page = window.open("/")
    expect(page.locator("tbody tr").first).to_be_visible()  # the page hears keys
    page.keyboard.press("/")
    page.keyboard.type("no such thing")
    page.keyboard.press("Enter")
    expect(page.locator(".matches.is-nothing")).to_contain_text("Nothing is called “no such thing”")
    expect(page.locator(".search [role=status]")).to_have_text("Nothing is called “no such thing”")
