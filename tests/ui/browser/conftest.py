"""Real pages in Chromium: served by the real server, and silent on the console."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.lineage.conftest import history
from tests.ui.conftest import Served, served

__all__ = ["history", "served"]

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser of the system; it ends with the file's tests, since its event loop is in the way of others."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no chromium; `. .ci/servers` installs Debian's")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Window:
    """A page of a served store, and what its console complained of."""

    page: Page
    served: Served
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the site, with the token in the cookie."""
        self.page.goto(f"{self.served.base}{path}")
        return self.page

    def wait_for(self, text: str) -> None:
        """Wait until the page shows a text."""
        self.page.get_by_text(text, exact=False).first.wait_for(timeout=15_000)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def window_of(chromium: Browser, served: Served, **options: Any) -> Iterator[Window]:
    """Open a window that has the token; afterwards its console must have been silent."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, **options)
    context.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    page = context.new_page()
    window = Window(page, served)
    page.on("console", window.hear)
    page.on("pageerror", lambda error: window.complaints.append(str(error)))
    page.goto(f"{served.base}/?token={served.token}")
    yield window
    context.close()
    assert window.complaints == []


@pytest.fixture
def window(chromium: Browser, served: Served) -> Iterator[Window]:
    """A window on the history of the lineage tests."""
    yield from window_of(chromium, served)
