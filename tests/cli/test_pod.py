"""The verbs of pods, called as Kubeflow calls them, on a store in a file."""

import json
import os
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from headrace.dsl.component import Component
from headrace.dsl.pipeline import Pipeline
from headrace.kubeflow.slice import Slice, pack
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import PipelineSpec
from tests.end_to_end.project import HEADRACE, ROOT
from tests.parts import Copy, Judge, Source, named


@dataclass
class Pods:
    """Calls the verbs for one run."""

    folder: Path
    spec: PipelineSpec
    run: str = field(default_factory=lambda: str(uuid.uuid4()))

    def call(self, verb: str, *arguments: str, asked: str = "") -> tuple[int, str]:
        told = asked or json.dumps({"inputs": {"parameterValues": {"headrace_run": self.run}}})
        node = arguments[0] if verb == "launch" else ""
        part = pack(Slice(self.spec, node))
        options = arguments[1:] if node else arguments
        said = subprocess.run(
            [*HEADRACE, "pod", verb, "--slice", part, "--executor-input", told, *options],
            cwd=ROOT,
            env={**os.environ, "HEADRACE_STATE": str(self.folder), "HEADRACE_ROOT": str(self.folder / "artifacts")},
            capture_output=True,
            text=True,
            check=False,
        )
        return said.returncode, said.stdout + said.stderr


def pods(folder: Path, *nodes: Component) -> Pods:
    return Pods(folder, spec_of(Pipeline("pods", nodes)))


def test_a_gate_ends_its_pods_well_and_the_outcome_with_3(tmp_path: Path) -> None:
    source = Source(texts=["a"])
    judge = Judge(rows=source.rows, least=2)
    called = pods(tmp_path, source, judge, Copy(rows=source.rows, options=named("copy", after=[judge])))
    assert [called.call("launch", node)[0] for node in ("Source", "Judge", "copy")] == [0, 0, 0]
    code, said = called.call("outcome")
    assert code == 3
    assert "RUNNING (2 complete, 1 blocked)" in said
    assert "stopped by a gate (copy: Judge blocks)" in said
    code, said = called.call("close")
    assert (code, "BLOCKED in" in said) == (0, True)


def test_a_kfp_artifact_is_written_where_kubeflow_says(tmp_path: Path) -> None:
    outputs = {"artifacts": {"rows": {"artifacts": [{"name": "rows", "uri": "minio://b/rows"}]}}}
    asked = {"inputs": {"parameterValues": {"headrace_run": "u"}}, "outputs": outputs}
    called = pods(tmp_path, Source())
    code, said = called.call("launch", "Source", "--output", f"rows={tmp_path / 'kfp'}", asked=json.dumps(asked))
    assert code == 0, said
    assert json.loads((tmp_path / "kfp").read_text(encoding="utf-8"))["headrace_type"] == "Rows"


@pytest.mark.parametrize(
    ("asked", "output", "says"),
    [("{{$}}", "a=b", "is not what Kubeflow's driver writes"), ("", "nowhere", "--output nowhere; expected NAME=PATH")],
    ids=["no input", "output"],
)
def test_bad_input_is_one_line(tmp_path: Path, asked: str, output: str, says: str) -> None:
    code, said = pods(tmp_path, Source()).call("launch", "Source", "--output", output, asked=asked)
    assert code == 2
    assert says in said
    assert "Traceback" not in said
