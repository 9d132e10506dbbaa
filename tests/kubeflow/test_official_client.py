"""The fake server is honest: Kubeflow's own client works with it, and is refused what a real server refuses."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.kubeflow.conftest import COMPILED
from tests.kubeflow.fake_api import FakeApi

SDK = os.environ.get("HEADRACE_TEST_KFP_PYTHON", "")
needs_sdk = pytest.mark.skipif(not SDK, reason="no Kubeflow SDK: HEADRACE_TEST_KFP_PYTHON is not set")
DRIVER = Path(__file__).with_name("official_client.py")


@pytest.mark.slow
@needs_sdk
def test_the_official_client_works_with_the_fake(api: FakeApi, tmp_path: Path) -> None:
    api.kubeflow.token = "t0k"
    file = tmp_path / "penguins.yaml"
    file.write_text(COMPILED, encoding="utf-8")
    command = [SDK, "-P", str(DRIVER), api.url, "t0k", str(file)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    refused = told.pop("refused")
    assert told == {
        "same_experiment": True,
        "found": True,
        "versions": ["birds", "second"],
        "cron": "0 0 2 * * *",
        "state": "DISABLED",
        "listed": ["nightly"],
        "parameters": {"steps": 7},
        "run": "CANCELING",
        "deleted": True,
    }
    assert [status for status, _ in refused] == [400] * 5
    for (_, message), words in zip(
        refused,
        (
            "Max concurrency of a recurring run must be at least 1 and at most 10. Received 11",
            "Schedule cron is not a supported format",
            "Schedule cron is not a supported format",
            "parameter(s) provided are not required by pipeline: stops",
            "input parameter steps requires type",
        ),
        strict=True,
    ):
        assert words in message
