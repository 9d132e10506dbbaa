"""What lists take from previews, read from the files beside artifacts."""

import json
from pathlib import Path

import pytest

from headrace.spec.messages import ArtifactRecord
from headrace.storage.folder_root import FolderRoot
from headrace.ui.previews import Previews
from headrace.ui.views.runs import headline


def evaluation(folder: Path, preview: object) -> tuple[ArtifactRecord, Previews]:
    """Write an evaluation with this preview."""
    place = folder / "evaluation"
    place.mkdir()
    place.with_name("evaluation.preview.json").write_text(json.dumps(preview), encoding="utf-8")
    metrics = {"metrics": {"auc": 0.8, "loss": 0.3}}
    record = ArtifactRecord(type="ModelEvaluation", path=str(place), layout=1, digest="", properties=metrics)
    return record, Previews(FolderRoot(folder), [folder])


def test_a_headline_is_beside_the_best_constant_guess(tmp_path: Path) -> None:
    slices = [{"slice": "overall", "guess": {"auc": 0.5, "loss": None}}]
    record, previews = evaluation(tmp_path, {"content": {"slices": slices}})
    assert headline(record, previews) == {"name": "auc", "value": 0.8, "guess": 0.5}
    assert previews.guess(record, "loss") is None


@pytest.mark.parametrize("preview", [{}, [], {"content": {"slices": []}}, {"content": {"slices": [{"guess": None}]}}])
def test_an_evaluation_without_a_guess_has_its_metric_alone(tmp_path: Path, preview: object) -> None:
    record, previews = evaluation(tmp_path, preview)
    assert headline(record, previews) == {"name": "auc", "value": 0.8, "guess": None}
