"""`headrace node` where something is wrong, and whose values it takes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace import RuntimeParameter
from headrace.cli.main import group
from headrace.errors import HeadraceError, UnknownReference, UsageError
from headrace.spec.codec import write
from tests.conftest import Lab
from tests.parts import Source

Call = Callable[..., str]


@pytest.fixture
def call(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a pipeline whose span is a parameter with the value 2, then call `node`."""
    monkeypatch.chdir(lab.folder)
    node = Source(span=RuntimeParameter("number", int, 1))
    lab.run(node, values={"number": 2})
    Path("spec.json").write_text(write(lab.spec(node)), encoding="utf-8")

    def call(role: str, *arguments: str) -> str:
        done = CliRunner().invoke(group, ["node", role, "spec.json", *arguments], standalone_mode=False)
        if done.exception:
            raise done.exception
        return done.output

    return call


@pytest.mark.parametrize(("given", "span"), [((), 2), (("-p", "number=3"), 3)], ids=["run", "given"])
def test_a_driver_is_given_the_values_of_the_run_unless_others_are_asked_for(
    call: Call, given: tuple[str, ...], span: int
) -> None:
    assert json.loads(call("drive", "Source", *given))["answer"]["parameters"]["span"] == span


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("drive", "Sauce"), UsageError),
        (("drive", "Source", "--run", "1999"), UnknownReference),
        (("execute", "Source", "--to", "."), UsageError),
        (("publish", "Sauce", "--from", "."), UsageError),
        (("publish", "Source", "--from", "."), UsageError),
    ],
    ids=["node", "run", "full folder", "node to publish", "nothing executed"],
)
def test_what_is_wrong_is_told(call: Call, arguments: tuple[str, ...], error: type[HeadraceError]) -> None:
    with pytest.raises(error):
        call(*arguments)
