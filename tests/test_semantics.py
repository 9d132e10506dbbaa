"""Rules of docs/semantics.md that belong to no single package; the others are tested where their code is."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace import Artifact, Secret
from headrace.artifacts import (
    anomalies,
    evaluation,
    examples,
    hyperparameters,
    model,
    pushed_model,
    schema,
    statistics,
    transform_graph,
)
from headrace.errors import ExitCode, UnfitEnvironment
from headrace.launcher.cache import key_of
from headrace.metadata.protos import ARTIFACT_PROPERTIES, EXECUTION_PROPERTIES, RUN_PROPERTIES
from headrace.metadata.protos import VERSION as PROPERTIES_VERSION
from headrace.metadata.records import CacheKey, Complete, Execution
from headrace.metadata.states import state_of
from headrace.orchestrators.events import VERSION as EVENTS_VERSION
from headrace.spec.messages import SECRET, Block, Ready, Skip
from headrace.spec.records import NodeSpec
from headrace.workers import environments
from headrace.workers.environments import EnvironmentSet
from tests.conftest import Lab
from tests.parts import (
    Bless,
    Copy,
    Counting,
    Drift,
    FileSource,
    Judge,
    Leaking,
    Misbehaving,
    Newest,
    Rows,
    Source,
    Train,
    named,
)

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [file for folder in ("headrace", "components") for file in sorted((ROOT / folder).rglob("*.py"))]
SHIPPED = (
    anomalies,
    evaluation,
    examples,
    hyperparameters,
    model,
    pushed_model,
    schema,
    statistics,
    transform_graph,
)


def golden(name: str) -> object:
    return json.loads((ROOT / "tests" / "golden" / name).read_text(encoding="utf-8"))


# A node's way


def test_only_the_metadata_package_speaks_ml_metadata() -> None:
    speaks = [file for file in SOURCES if re.search(r"^\s*(from|import) ml_metadata\b", file.read_text(), re.MULTILINE)]
    assert {file.parent.relative_to(ROOT).as_posix() for file in speaks} == {"headrace/metadata"}


def test_below_a_gate_that_blocks_no_driver_is_asked(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=2)
    unreadable = FileSource(file=str(lab.folder / "nowhere"), options=named("below", after=[judge]))
    assert lab.run(source, judge, unreadable).executions["below"].status == Block("Judge")


def test_a_node_that_does_not_execute_is_written_once(lab: Lab) -> None:
    lab.run(Source())
    finished = lab.run(Source())
    told = [event.to for event in lab.events(finished.run.id) if event.node == "Source"]
    assert told == ["CACHED"]


# Reading what is older


def test_the_span_before_is_looked_for_at_the_node_that_the_input_comes_from(lab: Lab) -> None:
    def run(span: int) -> Execution:
        mine, other = Source(texts=["mine"], span=span), Source(texts=["other"], span=span, options=named("Other"))
        return lab.run(other, mine, Drift(rows=mine.rows), Copy(rows=other.rows)).executions["Drift"]

    run(1)
    (before,) = run(2).inputs["before"]
    assert Rows(Path(before.path)).read() == ["mine"]


def test_a_baseline_is_looked_for_at_the_node_that_the_candidate_comes_from(lab: Lab) -> None:
    def judged(name: str, text: str) -> Execution:
        source = Source(texts=[text])
        train = Train(rows=source.rows, options=named(name))
        return lab.run(source, train, Bless(model=train.model)).executions["Bless"]

    judged("Other", "a")
    assert judged("Train", "b").inputs["baseline"] == ()
    (baseline,) = judged("Train", "c").inputs["baseline"]
    assert baseline.id == judged("Train", "b").inputs["model"][0].id


def test_what_is_tainted_is_neither_found_nor_reused(lab: Lab) -> None:
    first = lab.run(Source()).executions["Source"]
    artifacts = lab.store.connection.mlmd.get_artifacts_by_id([made.id for (made,) in first.outputs.values()])
    for artifact in artifacts:
        artifact.properties["tainted"].string_value = "a sensor was broken"
    lab.store.connection.mlmd.put_artifacts(artifacts)
    assert lab.run(Newest()).executions["Newest"].status == Skip("there is nothing for its input 'newest'")
    assert lab.run(Source()).executions["Source"].status == Complete()


# The cache


def key(node: NodeSpec, **parameters: str) -> CacheKey:
    return key_of(node, Ready(inputs={}, parameters=parameters, facts={"digest": "f"}), ROOT)


@pytest.fixture
def node(lab: Lab) -> NodeSpec:
    return lab.spec(FileSource(file="a")).nodes[0]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"version": 2}, "component"),
        ({"distributions": ("click",)}, "distribution click"),
        ({"environment": "tf_keras"}, "keras"),
        ({"executor": "tests.parts:copy_rows"}, "function executor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_part_of_the_key_changes_by_name(node: NodeSpec, change: dict[str, object], part: str) -> None:
    before, after = key(node).parts, key(replace(node, **change)).parts  # type: ignore[arg-type]  # fields of a NodeSpec
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {part}


def test_the_layout_of_an_output_is_in_the_key(node: NodeSpec) -> None:
    outputs = {"rows": replace(node.outputs["rows"], layout=2)}
    assert key(replace(node, outputs=outputs)).parts["layout of rows"] == "2"


@pytest.mark.parametrize(
    "change",
    [
        {"publisher": "tests.no_skips:publish"},
        {"extra_sources": ("tests.no_skips",)},
        {"functions": {"function": "tests.no_skips:anything"}},
    ],
    ids=["publisher", "extra_sources", "function"],
)
def test_the_source_closure_begins_at(node: NodeSpec, change: dict[str, object]) -> None:
    changed = replace(node, **change)  # type: ignore[arg-type]  # fields of a NodeSpec
    assert key(changed).sources.keys() - key(node).sources.keys() >= {"tests.no_skips"}


def test_drivers_freezers_and_locations_are_in_no_key(node: NodeSpec) -> None:
    elsewhere = replace(node, driver="tests.no_skips:drive", freezer="tests.no_skips:freeze")
    assert key(elsewhere, file="b").digest == key(node, file="a").digest


def test_of_a_secret_its_name_is_in_the_key(lab: Lab) -> None:
    leaking = lab.spec(Leaking(password=Secret("NAME"), how="")).nodes[0]
    named_secret = {SECRET: "NAME"}
    parts = key_of(leaking, Ready(inputs={}, parameters={"password": named_secret}), ROOT).parts
    assert json.loads(parts["parameter password"]) == named_secret


# Runs


def test_after_a_failure_what_runs_goes_on_to_its_end_and_nothing_else_starts(lab: Lab) -> None:
    bad = Misbehaving(how="raise", memory=str(lab.folder / "memory"))
    slow = Counting(ledger=str(lab.folder / "ledger"), seconds=0.5)
    finished = lab.run(bad, slow, Copy(rows=slow.made))
    assert finished.executions["Counting"].status == Complete()
    assert finished.executions["Copy"].status == Skip("Misbehaving failed")


def test_a_driver_that_raises_is_foreseen(lab: Lab) -> None:
    unreadable = FileSource(file=str(lab.folder / "nowhere"))
    step = lab.plan(unreadable, Copy(rows=unreadable.rows))["FileSource"]
    assert step.answer == "fails"
    assert "nowhere" in step.reasons[0]


def test_imports_that_are_not_installed_end_a_run_with_5(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(environments.ENVIRONMENTS, "keras3", EnvironmentSet(needs=("no_such_package",)))
    spec = lab.spec(Source())
    bound = replace(spec, nodes=(replace(spec.nodes[0], environment="keras3"),))
    with pytest.raises(UnfitEnvironment, match=r"no_such_package cannot be imported.*headrace\[run\]") as refused:
        lab.run_spec(bound)
    assert refused.value.exit_code == ExitCode.ENVIRONMENT
    (run,) = lab.store.runs()
    assert [state_of(execution) for execution in lab.attempts(run.id)] == ["FAILED"]
    assert run.state == "FAILED"


def test_a_timeout_begins_with_the_process_not_with_the_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_import.py").write_text("import time\n\ntime.sleep(1.5)\n", encoding="utf-8")
    monkeypatch.setitem(environments.ENVIRONMENTS, "keras3", EnvironmentSet(modules=("slow_to_import",)))
    lab = Lab(tmp_path, project=tmp_path)
    spec = lab.spec(Source(options=named("Source", timeout=1.0)))
    bound = replace(spec, nodes=(replace(spec.nodes[0], environment="keras3"),))
    assert lab.run_spec(bound).executions["Source"].status == Complete()


# Storage and processes


def test_the_state_folder_holds_what_is_written_there(lab: Lab) -> None:
    finished = lab.run(Source())
    state = lab.workspace.place.state
    inside = {path.name for path in state.path.iterdir()} - {"metadata.db-wal", "metadata.db-shm"}
    assert inside == {"metadata.db", "metadata.db.lock", "root.json", "artifacts", "runs", "claims", "work", "trash"}
    of_run = {path.name for path in state.run_folder(finished.run.id).iterdir()}
    assert of_run == {"run.json", "spec.json", "events.ndjson", "logs", "messages"}


ORCHESTRATOR = """
import sys
from pathlib import Path
from headrace.testing import run_node
from tests.parts import Source
assert run_node(Source(), Path(sys.argv[1])).execution.succeeded
print(sorted({"tensorflow", "apache_beam", "pyarrow", "numpy"} & sys.modules.keys()))
"""


def test_the_orchestrator_imports_nothing_heavy_and_writes_nothing_into_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-c", ORCHESTRATOR, str(tmp_path / "project")]
    (tmp_path / "project").mkdir()
    variables = {**os.environ, "HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert [*home.iterdir()] == []


# Versions: a change here needs a new version, and then a new golden file


def test_the_properties_in_ml_metadata_are_the_golden_ones() -> None:
    kinds = {"execution": EXECUTION_PROPERTIES, "artifact": ARTIFACT_PROPERTIES, "run": RUN_PROPERTIES}
    named_kinds = {kind: {name: pb.PropertyType.Name(t) for name, t in held.items()} for kind, held in kinds.items()}
    assert {"version": PROPERTIES_VERSION, **named_kinds} == golden("properties.json")


def test_the_form_of_events_is_the_golden_one(lab: Lab) -> None:
    told = []
    finished = lab.run(Source(), Misbehaving(how="report", memory=str(lab.folder / "memory")), keep_going=True)
    file = lab.workspace.place.state.run_folder(finished.run.id) / "events.ndjson"
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        told.append((line["event"], line["to"], list(line), sorted(line["data"])))
    expected = golden("events.json")
    assert isinstance(expected, dict)
    assert expected["version"] == EVENTS_VERSION
    assert {tuple(fields) for _, _, fields, _ in told} == {tuple(expected["fields"])}
    for event, to, _, data in told:
        assert data == expected["data"][event if event != "run_state" or to != "RUNNING" else "run_state at the start"]


def test_the_layouts_of_artifact_types_are_the_golden_ones() -> None:
    kinds = [kind for module in SHIPPED for kind in vars(module).values() if isinstance(kind, type)]
    layouts = {kind.type_id: kind.layout for kind in kinds if issubclass(kind, Artifact) and kind is not Artifact}
    assert layouts == golden("layouts.json")
