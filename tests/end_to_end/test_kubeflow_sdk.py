"""Kubeflow's own SDK, in its newest release, reads what we compile and would write the same."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.kubeflow import SDK, needs_sdk
from tests.end_to_end.project import ROOT

pytestmark = needs_sdk
GOLDEN = ROOT / "tests" / "golden" / "kubeflow"
THEIRS = {"sdkVersion"}
"""Keys that the SDK writes as its own."""


@pytest.mark.parametrize("pipeline", ["penguins", "flights"])
def test_a_golden_file_survives_a_round_trip(pipeline: str, tmp_path: Path) -> None:
    file, again = GOLDEN / f"{pipeline}.yaml", tmp_path / "again.yaml"
    command = [SDK, "-P", "-W", "ignore", str(Path(__file__).with_name("kfp_round_trip.py")), str(file), str(again)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (ours, our_platform), (theirs, their_platform) = documents(file), documents(again)
    assert our_platform == their_platform
    assert {key: theirs[key] for key in theirs.keys() - THEIRS} == {key: ours[key] for key in ours.keys() - THEIRS}


def documents(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
