"""When Chromium first shows the pages of a store of a thousand runs, and of ten thousand executions."""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measure import Figure
from benchmarks.stores import make_store
from tools.served_store import served

EXECUTIONS = 10_000
"""Those of a thousand runs."""
TIMES = 5
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
PAGES = (
    ("the runs page", "/", "table tbody tr", "< 1 s"),
    ("the whole store by type", "/lineage", "g.vertex", ""),
    ("the newest model ± 2", "/lineage?focus=Model@latest", "g.vertex", ""),
    ("all that made the newest model, collapsed", "/lineage?focus=Model@latest&up=99&down=0", "g.vertex", ""),
)


def figures() -> Iterator[Figure]:
    """Open each page in a fresh window of a running browser, several times."""
    program = shutil.which("chromium")
    if program is None:
        yield Figure("first contentful paint", "there is no chromium")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        file = Path(name) / "metadata.db"
        make_store(file, EXECUTIONS)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        with served(file) as address:
            for what, path, content, wanted in PAGES:
                found = [_opened(browser, address, path, content) for _ in range(TIMES)]
                paint, shown = (statistics.median(times) for times in zip(*found, strict=True))
                yield Figure(f"{what}: first contentful paint", f"{paint:.2f} s", wanted)
                yield Figure(f"{what}: its content is there", f"{shown:.2f} s")
        browser.close()


def _opened(browser: Browser, address: str, path: str, content: str) -> tuple[float, float]:
    """Return the seconds until something is painted, and until the content is there."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(address)  # leaves the token as a cookie; what it loads is not kept for the next page
    page.goto(address.partition("?")[0].rstrip("/") + path, wait_until="commit")
    page.locator(content).first.wait_for()
    there = float(page.evaluate("performance.now()")) / 1000
    page.wait_for_function(f"() => {PAINT.replace('.startTime', '')} !== undefined")
    paint = float(page.evaluate(PAINT)) / 1000
    context.close()
    return paint, there
