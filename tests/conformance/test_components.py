"""Every component that ships: runs, is cached, describes what it made, survives being killed and starved."""

import json
from pathlib import Path

from headrace import errors
from headrace.artifacts.preview import VERSION
from headrace.launcher.invoke import Attempt, invoke
from headrace.launcher.publish import publish
from headrace.metadata.states import state_of
from headrace.orchestrators.freeze import freeze
from headrace.spec.codec import read, write
from headrace.spec.messages import Answer, Failed, Invocation, NodeRun, Ready, Succeeded
from headrace.storage.digest import content_digest, manifest_of
from headrace.user_code.load import load
from tests.conformance.conftest import Trial, only
from tests.conformance.nodes import Shelf, starved

DETERMINISTIC = ("ExampleGen", "StatisticsGen", "SchemaGen", "Validator", "Transform")


def test_it_completes_and_makes_what_it_declares(trial: Trial) -> None:
    assert state_of(trial.first) == "COMPLETE"
    assert set(trial.first.outputs) == set(trial.kind.declaration.outputs)
    for name, (made,) in trial.first.outputs.items():
        declared = trial.kind.declaration.outputs[name]
        assert made.type == declared.type_id
        assert made.layout == declared.layout
        assert Path(made.path).is_dir()
        assert set(made.properties) <= set(dir(declared))


def test_it_is_cached_the_second_time(trial: Trial) -> None:
    assert state_of(trial.again) == "CACHED"
    assert trial.again.outputs == trial.first.outputs


def test_it_writes_a_preview_of_each_output(trial: Trial) -> None:
    for (made,) in trial.first.outputs.values():
        file = Path(f"{made.path}.preview.json")
        preview = json.loads(file.read_text(encoding="utf-8"))
        assert set(preview) == {"version", "type", "summary", "content"}
        assert (preview["version"], preview["type"]) == (VERSION, made.type)
        assert preview["summary"]
        assert "\n" not in preview["summary"]
        assert isinstance(preview["content"], dict)


def test_killed_in_the_middle_it_has_failed_and_left_nothing(trial: Trial) -> None:
    status = trial.killed.status
    assert isinstance(status, Failed)
    assert status.type == "ProcessDied"
    assert "killed by SIGKILL" in status.message
    assert status.log
    assert trial.left_by_the_killed == []


def test_each_role_does_its_part_alone(trial: Trial, tmp_path: Path) -> None:
    lab = trial.lab
    spec = lab.spec(trial.node)
    (node,) = spec.nodes
    frozen = freeze(spec, "alone", {}, [node.id])
    assert frozen.failures == {}
    node_run = NodeRun(pipeline="test", run="alone", node=node, values={}, frozen=frozen.values.get(node.id, {}))
    ready = load(node.driver)(read(NodeRun, write(node_run)), lab.store)
    assert isinstance(ready, Ready)
    invocation = Invocation(
        executor=node.executor,
        inputs=ready.inputs,
        parameters=ready.parameters,
        functions=node.functions,
        outputs={name: str(tmp_path / name) for name in node.outputs},
        beam_args=(),
        project=str(lab.workspace.place.project),
        work=str(tmp_path / "work"),
    )
    for folder in invocation.outputs.values():
        Path(folder).mkdir()
    attempt = Attempt(folder=tmp_path / "m", log=tmp_path / "log", environment=node.environment, timeout=200)
    assert lab.pool
    result = invoke(invocation, attempt, lab.pool).result
    assert isinstance(result, Succeeded), result
    published = publish(node.publisher, read(Invocation, write(invocation)), read(Answer, write(Answer(result))).result)
    assert isinstance(published, Succeeded), published
    assert set(published.properties) == set(node.outputs)
    for name, folder in invocation.outputs.items():
        (made,) = trial.first.outputs[name]
        assert set(published.properties[name]) == set(made.properties)
        digest = content_digest(manifest_of(Path(folder)), published.properties[name])
        if trial.kind.__name__ in DETERMINISTIC:
            assert digest == made.digest, f"{name} has other bytes in another process"


def test_its_bytes_are_those_of_the_penguins_run(trial: Trial, shelf: Shelf) -> None:
    if trial.kind.__name__ not in DETERMINISTIC or trial.kind.__name__ == "SchemaGen":
        return  # training promises no equal bytes; the run's schema is the curated one, here it is inferred
    there = shelf.executions[trial.kind.__name__]
    for name, (made,) in trial.first.outputs.items():
        if trial.kind.__name__ != "Validator":
            assert made.digest == there.outputs[name][0].digest
        assert made.properties == there.outputs[name][0].properties


def test_it_says_in_one_line_that_there_is_nothing_in_its_input(trial: Trial, shelf: Shelf, tmp_path: Path) -> None:
    execution = only(trial.lab.run(starved(trial.kind, shelf, tmp_path)))
    if trial.kind.__name__ == "Validator":  # for the gate, that is a finding
        assert execution.outputs["anomalies"][0].properties["verdict"] == "block"
        return
    status = execution.status
    assert isinstance(status, Failed), f"{state_of(execution)}"
    assert issubclass(getattr(errors, status.type, object), errors.HeadraceError), status
    assert "; expected " in status.message
    assert "\n" not in status.message
    assert not status.frame or "components/" not in status.frame
    root = trial.lab.root
    assert [path for path in root.glob("*/*") if path.name.endswith(str(execution.id))] == []
