"""`python -m tools.screenshots STORE [FOLDER]`: pictures of the pages of a real store, in Chromium.

Without a folder, the one picture of the README is made again, `docs/images/lineage.png`; with one, every page goes
there, light and dark, 1280 and 390 pixels wide, to be looked at.
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.served_store import served

README = Path("docs/images/lineage.png")
WIDTHS = (1280, 390)
HEIGHT = 800
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars")


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, help="the metadata.db of a project in which pipelines ran")
    parser.add_argument("folder", type=Path, nargs="?", help="where the pictures of all pages go")
    asked = parser.parse_args()
    program = shutil.which("chromium") or parser.error("there is no chromium")
    with served(asked.store) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        if asked.folder:
            _every_page(browser, address, asked.folder)
        else:
            _for_readme(browser, address)
        browser.close()


def _for_readme(browser: Browser, address: str) -> None:
    """Show what the newest model was made from and made into, with the model chosen."""
    page = _window(browser, address, viewport={"width": 1280, "height": HEIGHT}, device_scale_factor=1.4)
    base = address.partition("?")[0].rstrip("/")
    model = page.evaluate(
        "async () => (await (await fetch('/api/artifacts?type=Model&limit=1')).json()).artifacts[0].id"
    )
    _settled(page, f"{base}/lineage?focus=artifact:{model}&at=artifact:{model}")
    README.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=README)
    print(f"{README}: {README.stat().st_size:,} bytes")


def _every_page(browser: Browser, address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    base = address.partition("?")[0].rstrip("/")
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page = _window(browser, address, viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
            for name, path in _paths(page):
                _settled(page, f"{base}{path}")
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
            page.context.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _paths(page: Page) -> Iterator[tuple[str, str]]:
    """Name every page, with the newest run and the newest artifact of each type."""
    ask = "async (path) => (await fetch(path)).json()"
    runs = page.evaluate(ask, "/api/runs?limit=2")["runs"]
    yield "runs", "/"
    yield "artifacts", "/artifacts"
    yield "lineage", "/lineage"
    yield "run", f"/runs/{runs[0]['id']}"
    yield "timeline", f"/runs/{runs[0]['id']}?view=timeline"
    yield "compare", f"/compare?a={runs[-1]['id']}&b={runs[0]['id']}"
    for kind in page.evaluate(ask, "/api/meta")["types"]:
        (newest,) = page.evaluate(ask, f"/api/artifacts?type={kind}&limit=1")["artifacts"]
        yield kind, f"/artifacts/{newest['id']}"
    yield "focus", f"/lineage?focus={runs[0]['id']}"


def _window(browser: Browser, address: str, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    return page


def _settled(page: Page, address: str) -> None:
    """Go to an address and wait until nothing is asked any more."""
    page.goto(address)
    page.locator("main h1, main article").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # a graph is laid out in a worker, which asks nothing


if __name__ == "__main__":
    main()
