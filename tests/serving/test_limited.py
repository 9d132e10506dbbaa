"""A model tried in a process of its own: its death is an answer."""

from pathlib import Path

from headrace.serving.limited import Limits, why_not_servable
from tests.serving.saved_models import save_linear


def test_nothing_speaks_against_a_good_model_but_the_memory_that_it_lacks(tmp_path: Path) -> None:
    model = save_linear(tmp_path / "model")
    assert why_not_servable(model, "serving_default", Limits()) == ""
    reason = why_not_servable(model, "serving_default", Limits(megabytes=1))
    assert reason.startswith(("the process that loaded it died (SIGABRT)", "it needs more than 1 MB")), reason


def test_a_model_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    model = save_linear(tmp_path / "model")
    assert why_not_servable(model, "serving_default", Limits(seconds=1)) == "it did not load and answer within 1 s"


def test_a_folder_that_is_not_there_needs_no_process(tmp_path: Path) -> None:
    assert why_not_servable(tmp_path / "none", "serving_default", Limits()).endswith("none holds no saved_model.pb")
