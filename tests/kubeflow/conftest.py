"""A fake Kubeflow, a project beside it, and the command line in that project."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import HeadraceError
from headrace.kubeflow.client import Client
from headrace.kubeflow.endpoint import Endpoint
from headrace.kubeflow.gateway import Gateway
from tests.kubeflow.fake_api import FakeApi, serving
from tests.kubeflow.fake_kubeflow import Kubeflow

COMPILED = """\
pipelineInfo: {name: penguins}
schemaVersion: 2.1.0
sdkVersion: headrace-0.1.0
root:
  dag: {tasks: {}}
  inputDefinitions:
    parameters:
      steps: {parameterType: NUMBER_INTEGER, defaultValue: 5}
      rate: {parameterType: NUMBER_DOUBLE, defaultValue: 0.1}
      source: {parameterType: STRING, defaultValue: data/penguins.csv}
deploymentSpec: {}
"""


@dataclass(frozen=True)
class Answered:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int


Call = Callable[..., Answered]


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with serving(Kubeflow()) as served:
        yield served


@pytest.fixture
def client(api: FakeApi) -> Client:
    return Client(Gateway(Endpoint(url=api.url, timeout=5), {}, sleep=lambda _: None))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a compiled pipeline."""
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "penguins.yaml").write_text(COMPILED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(folder: Path, api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a verb in the project, with the fake as its endpoint."""
    for name in ("KF_PIPELINES_SA_TOKEN_PATH", "KF_PIPELINES_UI_ENDPOINT", "HEADRACE_KUBEFLOW_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KF_PIPELINES_ENDPOINT", api.url)

    def answer(*arguments: str) -> Answered:
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(group, arguments, standalone_mode=False)
        match result.exception:
            case HeadraceError() as error:
                return Answered(result.stdout, result.stderr + str(error), error.exit_code)
            case None | SystemExit():
                return Answered(result.stdout, result.stderr, result.return_value or result.exit_code)
            case other:
                raise other

    return answer
