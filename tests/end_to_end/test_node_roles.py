"""`headrace node`: one role of one node by hand, as plain data, beside a store that stays as it is."""

import json
from pathlib import Path

import pytest

from tests.end_to_end.project import NODES, Project


@pytest.mark.parametrize("node", NODES)
def test_a_driver_alone_finds_the_key_that_the_run_had(node: str, ran: Project) -> None:
    said = ran.headrace("node", "drive", "penguins", node)
    assert said.code == 0, said.err
    told = json.loads(said.out)
    execution = ran.last()[node]
    assert execution.key
    assert told["digest"] == execution.key.digest
    assert set(told["answer"]["inputs"]) >= set(execution.inputs)


@pytest.mark.slow
@pytest.mark.parametrize("node", ["ExampleGen", "Transform", "Trainer"])
def test_executor_and_publisher_alone_make_what_the_run_made(node: str, ran: Project, tmp_path: Path) -> None:
    before = ran.everywhere()
    executed = ran.headrace("node", "execute", "penguins", node, "--to", str(tmp_path / "out"))
    assert executed.code == 0, executed.err
    published = ran.headrace("node", "publish", "penguins", node, "--from", str(tmp_path / "out"))
    assert published.code == 0, published.err
    outputs = ran.last()[node].outputs
    assert json.loads(published.out)["record"]["result"]["properties"].keys() == outputs.keys()
    for name, (made,) in outputs.items():
        assert sorted(file.relative_to(made.path) for file in Path(made.path).rglob("*") if file.is_dir()) == sorted(
            file.relative_to(tmp_path / "out" / name) for file in (tmp_path / "out" / name).rglob("*") if file.is_dir()
        )
    assert ran.everywhere() == before
