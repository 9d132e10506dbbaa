"""`pip install headrace`, without extras, is all that a user of TFX needs to see their history."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.ui.exported_site import told
from tests.ui.tfx_store import RUNS, write_tfx_store

ROOT = Path(__file__).parents[2]
MOST = 30
HEAVY = {"apache-beam", "pyarrow", "pandas", "tensorflow", "tensorflow-metadata"}

pytestmark = pytest.mark.slow


def clean() -> Mapping[str, str]:
    """Return the environment without what would let this interpreter's packages in."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def called(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=clean(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install headrace into an environment of its own; returns the folder of its commands."""
    folder = tmp_path_factory.mktemp("fresh")
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    called(uv, "venv", "--quiet", "--python", sys.executable, "env", folder=folder)
    called(uv, "pip", "install", "--quiet", "--python", "env/bin/python", str(ROOT), folder=folder)
    return folder / "env" / "bin"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that TFX wrote, in a folder without a project."""
    return write_tfx_store(tmp_path_factory.mktemp("old")).file


def test_it_is_small_and_has_no_tensorflow(fresh: Path) -> None:
    listing = "from importlib.metadata import distributions; print(*sorted({d.name.lower() for d in distributions()}))"
    names = set(called(str(fresh / "python"), "-c", listing, folder=fresh).split())
    assert "headrace" in names
    assert len(names) <= MOST
    assert not names & HEAVY


def test_it_serves_the_history_of_tfx_and_leaves_the_file_alone(fresh: Path, old: Path, tmp_path: Path) -> None:
    before = sha256(old.read_bytes()).hexdigest()
    command = [str(fresh / "headrace"), "ui", "--db", str(old), "--no-open"]
    with subprocess.Popen(command, cwd=tmp_path, env=clean(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address, _, token = process.stdout.readline().strip().partition("/?token=")

            def get(path: str) -> Any:
                request = urllib.request.Request(address + path, headers={"Authorization": f"Bearer {token}"})
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer) if path.startswith("/api/") else answer.read()

            assert [run["id"] for run in get("/api/runs")["runs"]] == [RUNS[1], RUNS[0]]
            assert get(f"/api/runs/{RUNS[0]}")["order"][-1] == "Trainer"
            assert get(f"/api/compare?a={RUNS[0]}&b={RUNS[1]}")["kind"] == "runs"
            statistics = get("/api/artifacts?type=ExampleStatistics")["artifacts"][0]
            assert get(f"/api/artifacts/{statistics['id']}")["preview"]["type"] == "ExampleStatistics"
            assert get("/api/lineage?focus=Model@latest&mode=blame")["total"] > 1
            assert b"<title>headrace</title>" in get("/")
        finally:
            process.terminate()
    assert sha256(old.read_bytes()).hexdigest() == before
    assert {path.name for path in old.parent.iterdir()} == {old.name, "pipelines"}
    assert list(tmp_path.iterdir()) == []


def test_it_exports_the_history_of_tfx(fresh: Path, old: Path, tmp_path: Path) -> None:
    called(str(fresh / "headrace"), "ui", "--db", str(old), "--export", "site", folder=tmp_path)
    runs = told(tmp_path / "site", "runs")
    assert runs["total"] == len(RUNS)
    assert (tmp_path / "site" / "index.html").is_file()
    assert (tmp_path / "site" / "static" / "app.js").is_file()
