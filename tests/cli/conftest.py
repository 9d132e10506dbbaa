"""The history of the lineage tests, as the command line sees it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import HeadraceError
from headrace.spec.records import Json
from tests.lineage.conftest import History, history

__all__ = ["history"]


@dataclass(frozen=True)
class Answered:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Json:
        value: Json = json.loads(self.out)
        return value


Ask = Callable[..., Answered]


@pytest.fixture
def ask(history: History, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call a verb in the folder of the history."""
    monkeypatch.chdir(history.lab.folder)

    def call(*arguments: str) -> Answered:
        result = CliRunner().invoke(group, arguments)
        match result.exception:
            case HeadraceError() as error:
                return Answered(result.stdout, str(error), error.exit_code)
            case None | SystemExit():
                return Answered(result.stdout, result.stderr, result.exit_code)
            case other:
                raise other

    return call
