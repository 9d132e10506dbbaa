"""Kubeflow without a cluster: the official `kfp.local` runs what we compile, pod by pod, against a served store."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.project import ROOT, Project
from tests.metadata.serving import served

SDK = os.environ.get("HEADRACE_TEST_KFP_PYTHON", "")
needs_sdk = pytest.mark.skipif(not SDK, reason="no Kubeflow SDK: HEADRACE_TEST_KFP_PYTHON is not set")
IMAGE = "localhost/headrace-pods:0"
RUNNER = Path(__file__).with_name("kfp_local.py")
SETTINGS = """\
image: {image}
root: {root}
store_secret: {{name: headrace-store, key: address}}
defaults:
  env: {{HEADRACE_STATE: {state}}}
"""


@dataclass(frozen=True)
class Ran:
    """A run of Kubeflow: what its tasks said, how each ended, and whether all did well."""

    text: str
    tasks: dict[str, str]
    succeeded: bool


@contextmanager
def shared(project: Project) -> Iterator[Project]:
    """Serve a project's store while the block runs, so that pods can share it."""
    state = project.folder / ".headrace"
    state.mkdir(exist_ok=True)
    with served(f"sqlite:{state / 'metadata.db'}") as server:
        yield Project(project.folder, f"grpc://{server.place}")


def compile_in(project: Project, pipeline: str, *options: str, state: str = "", root: str = "") -> Path:
    """Compile a pipeline of a project; return the file."""
    settings = project.folder / "configs" / "kubeflow.yaml"
    settings.parent.mkdir(exist_ok=True)
    project.root.mkdir(parents=True, exist_ok=True)
    places = {"state": state or project.folder / ".headrace", "root": root or project.root}
    settings.write_text(SETTINGS.format(image=IMAGE, **places), encoding="utf-8")
    said = project.headrace("compile", pipeline, "--target", "kubeflow", "-o", f"{pipeline}.yaml", *options)
    assert said.code == 0, said.err
    return project.folder / f"{pipeline}.yaml"


def run_in_processes(project: Project, file: Path, **parameters: object) -> Ran:
    """Run a compiled pipeline with a process for every pod, whose `headrace` is ours."""
    ours = Path(sys.executable).parent
    variables = {"PATH": f"{ours}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), **project.variables}
    return run_kfp(project, file, parameters, "", variables)


def run_kfp(
    project: Project, file: Path, parameters: dict[str, object], containers: str, variables: dict[str, str]
) -> Ran:
    """Run a compiled pipeline with `kfp.local`, in the project's folder."""
    command = [SDK, "-P", str(RUNNER), str(file), str(project.folder / "kfp"), json.dumps(parameters), containers]
    done = subprocess.run(
        command,
        cwd=project.folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    plain = re.sub(r"\x1b\[\d+m", "", done.stdout)
    ended = re.findall(r"Task '([\w-]+)' finished with status (\w+)", plain)
    return Ran(plain, dict(ended), done.returncode == 0)
