"""`headrace submit` and `headrace kubeflow`, against a fake server that checks every request."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from headrace.errors import ExitCode
from tests.cli.test_light import CALL
from tests.kubeflow.conftest import COMPILED, Call, api, call, folder
from tests.kubeflow.fake_api import FakeApi
from tests.kubeflow.fake_kubeflow import Held

__all__ = ["api", "call", "folder"]

REPOSITORY = Path(__file__).resolve().parents[2]


PIPELINE = """
from headrace import Function, Pipeline, RuntimeParameter
from tests.parts import Apply, Source

source = Source(texts=[RuntimeParameter("word", str, "a")])
pipeline = Pipeline("birds", [source, Apply(rows=source.rows, function=Function("pipelines.birds.features:twice"))])
"""


def stage(state: str, **tasks: str) -> Held:
    """Say how a run looks: its state, and those of its tasks."""
    details = [
        {
            "task_id": name,
            "display_name": name.replace("_", "-"),
            "state": task,
            "start_time": f"2026-11-24T02:00:0{number}Z",
            "end_time": "1970-01-01T00:00:00Z",
            "pod_name": f"pod-{name}",
        }
        for number, (name, task) in enumerate(tasks.items())
    ]
    return {"state": state, "run_details": {"task_details": details}}


def only_run(api: FakeApi) -> Held:
    (run,) = api.kubeflow.runs.values()
    return run


def test_a_pipeline_is_uploaded_once_and_run_as_often_as_asked(api: FakeApi, call: Call) -> None:
    first, second = call("submit", "penguins.yaml"), call("submit", "penguins.yaml")
    assert (first.code, second.code) == (0, 0)
    version = next(iter(api.kubeflow.versions.values()))["name"]
    assert first.out.startswith(f"penguins {version} uploaded\nrun ")
    assert second.out.startswith(f"penguins {version} is there already\nrun ")
    assert api.asked("POST").count("pipelines/upload_version") == 1
    assert len(api.kubeflow.runs) == 2


def test_a_changed_pipeline_is_a_further_version(api: FakeApi, call: Call, folder: Path) -> None:
    call("submit", "penguins.yaml")
    (folder / "penguins.yaml").write_text(COMPILED + "# changed\n")
    call("submit", "penguins.yaml")
    assert len(api.kubeflow.pipelines) == 1
    assert len(api.kubeflow.versions) == 2


def test_parameters_are_typed_as_the_pipeline_declares_them(api: FakeApi, call: Call) -> None:
    call("submit", "penguins.yaml", "-p", "steps=7", "-p", "rate=1e-3", "-p", "source=2026")
    assert only_run(api)["runtime_config"] == {"parameters": {"steps": 7, "rate": 0.001, "source": "2026"}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("step=7", "-p: the parameter 'step'; expected one of rate, source, steps. Write 'steps'."),
        ("steps=many", "-p: steps is 'many'; expected a whole number. Correct it there."),
        ("steps=true", "-p: steps is True; expected a whole number. Correct it there."),
        (f"steps={2**60}", f"-p: steps is {2**60}; expected a whole number within ±{2**53}, since Kubeflow's numbers"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_is_sent(
    api: FakeApi, call: Call, given: str, message: str
) -> None:
    refused = call("submit", "penguins.yaml", "-p", given)
    assert refused.code == ExitCode.USAGE
    assert refused.err.startswith(message)
    assert api.seen == []


def test_a_parameter_that_the_server_does_not_know_is_its_own_line(api: FakeApi, call: Call) -> None:
    call("submit", "penguins.yaml")
    for version in api.kubeflow.versions.values():
        version["pipeline_spec"]["root"]["inputDefinitions"] = {}
    refused = call("submit", "penguins.yaml", "-p", "steps=7")
    assert refused.code == ExitCode.REMOTE
    assert refused.err == (
        f"POST runs at {api.url} answered 400: parameter(s) provided are not required by pipeline: steps; "
        "expected a request that Kubeflow accepts. Correct what it names."
    )


def test_a_pipeline_of_somebody_else_is_not_touched(api: FakeApi, call: Call) -> None:
    theirs = api.kubeflow.make_pipeline({"display_name": "penguins"})
    api.kubeflow.add_version(theirs["pipeline_id"], "v1", COMPILED.replace("headrace-0.1.0", "kfp-2.13.0"))
    refused = call("submit", "penguins.yaml")
    assert refused.code == ExitCode.REMOTE
    assert "a pipeline 'penguins' is there already, and kfp-2.13.0 made its version 'v1'" in refused.err
    assert len(api.kubeflow.versions) == 1


def test_experiment_and_service_account_come_from_the_configuration(api: FakeApi, call: Call, folder: Path) -> None:
    (folder / "configs").mkdir()
    (folder / "configs" / "kubeflow.yaml").write_text("experiment: nights\nservice_account: runner\n")
    call("submit", "penguins.yaml", "--name", "by hand")
    run = only_run(api)
    assert (run["display_name"], run["service_account"]) == ("by hand", "runner")
    assert [held["display_name"] for held in api.kubeflow.experiments.values()] == ["nights"]


def test_json_names_the_run(api: FakeApi, call: Call) -> None:
    told = json.loads(call("submit", "penguins.yaml", "-o", "json").out)
    assert told["run"] == only_run(api)["run_id"]
    assert told["page"] == f"{api.url}/#/runs/details/{told['run']}"
    assert told["new"] is True


def test_json_stays_data_while_a_run_is_followed(api: FakeApi, call: Call) -> None:
    api.kubeflow.stages.append(stage("SUCCEEDED", example_gen="SUCCEEDED"))
    done = call("submit", "penguins.yaml", "--wait", "-o", "json")
    assert json.loads(done.out)["run"] == only_run(api)["run_id"]
    assert done.err.startswith("example-gen              SUCCEEDED\nrun ")


def test_waiting_shows_each_change_and_ends_with_the_run(api: FakeApi, call: Call) -> None:
    api.kubeflow.stages += [
        stage("RUNNING", root="RUNNING", example_gen_driver="SUCCEEDED", example_gen="RUNNING"),
        stage("SUCCEEDED", root="SUCCEEDED", example_gen="SUCCEEDED", outcome="SUCCEEDED"),
    ]
    done = call("submit", "penguins.yaml", "--wait")
    assert done.code == ExitCode.OK
    assert [line.split() for line in done.out.splitlines()[3:-2]] == [
        ["example-gen", "RUNNING"],
        ["example-gen", "SUCCEEDED"],
        ["outcome", "SUCCEEDED"],
    ]
    assert done.out.splitlines()[-2] == f"run {only_run(api)['run_id']} SUCCEEDED"


def test_a_failed_task_is_named_with_its_log(api: FakeApi, call: Call) -> None:
    api.kubeflow.stages.append(stage("FAILED", trainer="FAILED", close="SUCCEEDED"))
    failed = call("submit", "penguins.yaml", "--wait")
    run = only_run(api)["run_id"]
    assert failed.code == ExitCode.NODE_FAILED
    assert failed.err == f"trainer failed\n  log: {api.url}/apis/v1alpha1/runs/{run}/nodes/pod-trainer/log\n"


def test_a_gate_has_its_own_exit_code(api: FakeApi, call: Call) -> None:
    api.kubeflow.stages.append(stage("FAILED", trainer="SUCCEEDED", outcome="FAILED"))
    assert call("submit", "penguins.yaml", "--wait").code == ExitCode.GATE


@pytest.mark.parametrize(("options", "state"), [((), "PENDING"), (("--terminate-on-interrupt",), "CANCELING")])
def test_an_interrupt_leaves_the_run_going_unless_told_otherwise(
    api: FakeApi, call: Call, options: tuple[str, ...], state: str
) -> None:
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    interrupted = call("submit", "penguins.yaml", "--wait", *options)
    timer.join()
    run = only_run(api)
    assert (interrupted.code, run["state"]) == (ExitCode.INTERRUPTED, state)
    assert run["run_id"] in interrupted.err


def test_a_wait_that_loses_its_right_says_that_the_run_goes_on(api: FakeApi, call: Call) -> None:
    call("submit", "penguins.yaml")
    run = only_run(api)["run_id"]
    api.kubeflow.token = "another"
    lost = call("kubeflow", "wait", run)
    assert lost.code == ExitCode.REMOTE
    assert lost.err.startswith(f"the run goes on: headrace kubeflow wait {run}\n")


def test_waiting_at_an_endpoint_that_does_not_answer_ends_at_once(call: Call) -> None:
    began = time.monotonic()
    lost = call("kubeflow", "wait", "some-run", "--endpoint", "http://127.0.0.1:1")
    assert time.monotonic() - began < 60
    assert lost.code == ExitCode.REMOTE
    assert "http://127.0.0.1:1 cannot be reached" in lost.err


def test_runs_are_listed_and_ended(call: Call) -> None:
    call("submit", "penguins.yaml", "--name", "one")
    call("submit", "penguins.yaml", "--name", "two")
    rows = json.loads(call("kubeflow", "runs", "-o", "json").out)
    assert [(row["name"], row["state"]) for row in rows] == [("two", "PENDING"), ("one", "PENDING")]
    assert "is told to end" in call("kubeflow", "terminate", rows[0]["id"]).out
    assert json.loads(call("kubeflow", "status", rows[0]["id"], "-o", "json").out)["state"] == "CANCELING"


def test_a_run_that_does_not_exist_is_one_line(call: Call) -> None:
    for verb in ("status", "wait", "terminate"):
        missing = call("kubeflow", verb, "nothing")
        assert missing.code == ExitCode.REFERENCE
        assert "no run 'nothing' at http" in missing.err


def test_a_file_that_is_no_pipeline_is_refused(call: Call, folder: Path) -> None:
    (folder / "other.yaml").write_text("a: 1\n")
    refused = call("submit", "other.yaml")
    assert refused.code == ExitCode.USAGE
    assert refused.err.startswith("other.yaml is no compiled pipeline: no document in it has pipelineInfo and root")


def test_without_an_endpoint_it_says_where_to_give_one(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KF_PIPELINES_ENDPOINT")
    refused = call("submit", "penguins.yaml")
    assert refused.code == ExitCode.USAGE
    assert refused.err.startswith("no Kubeflow endpoint; expected an address such as")


@pytest.fixture
def birds(folder: Path) -> Path:
    """Add a pipeline to the project, whose code travels as a bundle; return the root."""
    root = folder / "root"
    settings = f"image: headrace:1\nroot: {root}\nstore_secret: {{name: s, key: k}}\ncode: bundle\n"
    files = {
        "pipelines/birds/pipeline.py": PIPELINE,
        "pipelines/birds/features.py": "def twice(line):\n    return line * 2\n",
        "configs/kubeflow.yaml": f"{settings}defaults: {{pvcs: {{headrace-root: {root}}}}}\n",
        "schedules.yaml": "schedules:\n  nightly: {pipeline: birds, cron: '@daily', parameters: {word: b}}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    root.mkdir()
    return root


def headrace(folder: Path, api: FakeApi, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call a verb in a process of its own, since it imports the project."""
    command = [sys.executable, "-m", "headrace.cli.main", *arguments]
    environment = {"PYTHONPATH": str(REPOSITORY), "KF_PIPELINES_ENDPOINT": api.url}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)


def test_a_pipeline_of_the_project_is_compiled_and_its_code_delivered(api: FakeApi, folder: Path, birds: Path) -> None:
    told = headrace(folder, api, "submit", "birds", "-p", "word=c", "--image", "headrace:2")
    assert told.stderr.startswith("code bundle: ")
    assert [file.suffix for file in birds.rglob("*.zip")] == [".zip"]
    (version,) = api.kubeflow.versions.values()
    assert "headrace:2" in json.dumps(version["pipeline_spec"])
    assert only_run(api)["runtime_config"] == {"parameters": {"word": "c"}}


@pytest.mark.parametrize("verb", [["submit", "birds"], ["schedule", "apply"]], ids=["submit", "schedule"])
def test_where_the_code_is_can_be_said(api: FakeApi, folder: Path, birds: Path, verb: list[str]) -> None:
    assert headrace(folder, api, *verb, "--code", "image").stderr == ""
    assert list(birds.rglob("*.zip")) == []
    settings = folder / "configs" / "kubeflow.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("code: bundle\n", ""), encoding="utf-8")
    assert headrace(folder, api, *verb, "--code", "bundle").stderr.startswith("code bundle: ")
    assert len(list(birds.rglob("*.zip"))) == 1


def test_a_schedule_delivers_code_only_when_it_is_applied(api: FakeApi, folder: Path, birds: Path) -> None:
    headrace(folder, api, "schedule", "diff")
    assert list(birds.rglob("*.zip")) == []
    headrace(folder, api, "schedule", "apply")
    assert len(list(birds.rglob("*.zip"))) == 1
    assert "unchanged" in headrace(folder, api, "schedule", "diff").stdout


def test_nothing_heavy_is_loaded(api: FakeApi, folder: Path, birds: Path) -> None:
    environment = {"PYTHONPATH": str(REPOSITORY), "KF_PIPELINES_ENDPOINT": api.url}
    command = [sys.executable, "-c", CALL, "schedule", "diff"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert birds.is_dir()
    assert done.stderr.splitlines()[-1] == "[]"
