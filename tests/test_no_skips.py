"""In CI a skip is a failure, unless it says that podman is missing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPS = """
import pytest

@pytest.mark.skipif(True, reason="podman was not started: HEADRACE_TEST_PODMAN is not set")
def test_containers(): ...

@pytest.mark.skipif(True, reason="no server: HEADRACE_TEST_MYSQL is not set")
def test_servers(): ...

def test_more():
    pytest.skip("no reason")
"""


def test_only_a_skip_that_names_podman_passes_and_it_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "test_skips.py"
    file.write_text(SKIPS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "tests.no_skips", "-ra", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 failed, 1 skipped, 1 error" in done.stdout
    assert "SKIPPED [1]" in done.stdout
    assert "podman was not started" in done.stdout
