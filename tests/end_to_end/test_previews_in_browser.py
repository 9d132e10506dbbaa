"""What the browser shows of everything that a run of the penguins made."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from headrace.ui.opened import of_database
from tests.end_to_end.project import Project
from tests.ui.browser.conftest import Window, chromium, window_of
from tests.ui.conftest import serving

__all__ = ["chromium"]

pytestmark = pytest.mark.slow

SHOWN: Mapping[str, tuple[str, ...]] = {
    "Examples": ("Columns", "train", "eval"),
    "ExampleStatistics": ("8 features", "bill_length_mm", "island", "Missing"),
    "Schema": ("required", "Adelie", "flipper_length_mm"),
    "ExampleAnomalies": ("Pass: the pipeline may go on", "Not checked"),
    "TransformGraph": ("raw columns", "island_id", "scale_to_z_score/mean_and_var", "Torgersen"),
    "TunerResults": ("Best val_loss so far", "learning_rate", "best"),
    "HyperParameters": ("units", "learning_rate"),
    "Model": ("parameters", "serving_default", "Training", "loss"),
    "ModelRun": ("Training", "validation", "series of the event files"),
    "ModelEvaluation": ("accuracy", "guess", "By slice", "Thresholds", "Confusion"),
    "ModelBlessing": ("Blessed: this model may be served", "Thresholds"),
    "PushedModel": ("served/penguins", "saved_model.pb"),
}
"""What must be read on the page of each type."""


@pytest.fixture(scope="module")
def window(chromium: Browser, ran: Project) -> Iterator[Window]:
    """A window on the store of the run; its console must stay silent."""
    with ExitStack() as stack:
        shown = of_database(str(ran.folder / ".headrace" / "metadata.db"), (), stack)
        with serving(shown) as served:
            yield from window_of(chromium, served)


def opened(window: Window, kind: str) -> Page:
    """Open the newest artifact of a type."""
    (newest,) = window.served.get(f"/api/artifacts?type={kind}&limit=1")["artifacts"]
    page = window.open(f"/artifacts/{newest['id']}")
    expect(page.locator("h1")).to_contain_text(kind)
    return page


@pytest.mark.parametrize("kind", SHOWN)
def test_every_type_has_a_page_of_its_own(window: Window, kind: str) -> None:
    article = opened(window, kind).locator("article")
    for text in SHOWN[kind]:
        expect(article).to_contain_text(text)
    expect(article).to_contain_text("Determined by")


def test_every_type_that_a_run_makes_is_among_them(window: Window) -> None:
    assert window.served.get("/api/meta")["types"].keys() == SHOWN.keys()


def test_two_splits_lie_over_each_other(window: Window) -> None:
    page = opened(window, "ExampleStatistics")
    expect(page.locator(".feature-block")).to_have_count(8)
    page.get_by_label("Beside").select_option("split:eval")
    expect(page.locator(".feature-block .side-1").first).to_be_visible()
    page.get_by_role("button", name="island").click()
    large = page.locator(".feature-large")
    expect(large).to_contain_text("Biscoe")
    expect(large.locator(".bar-row.side-1").first).to_be_visible()


def test_a_metric_is_shown_by_slice_beside_the_guess(window: Window) -> None:
    page = opened(window, "ModelEvaluation")
    page.get_by_role("button", name="log_loss").click()
    dots = page.locator(".slice-dots")
    expect(dots).to_contain_text("island=Dream")
    assert dots.locator("circle.model").count() == dots.locator("line.guess").count() > 3


def test_a_model_is_blamed_on_its_data_code_and_parameters(window: Window) -> None:
    blame = opened(window, "Model").locator(".blame")
    expect(blame).to_contain_text("penguins.csv")
    expect(blame).to_contain_text("pipelines.penguins.model")
    expect(blame).to_contain_text("tensorflow")
