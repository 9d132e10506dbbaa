"""What Kubeflow tells a pod, and what the pod answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from headrace.dsl.parameter import RuntimeParameter
from headrace.errors import ConfigError, UsageError
from headrace.kubeflow.artifacts import declared
from headrace.kubeflow.executor_io import read_input, write_output
from headrace.spec.records import PipelineSpec
from tests.conftest import Lab
from tests.parts import Judge, Misbehaving, Source


def asked(spec: PipelineSpec, folder: Path, **parameters: object) -> str:
    """Write an ExecutorInput as Kubeflow's driver does."""
    (node, *_) = spec.nodes
    artifacts = {
        name: {"artifacts": [{"name": name, "uri": f"minio://b/{name}", "type": {"schemaTitle": shown.system_type}}]}
        for name, shown in declared(node).items()
    }
    outputs = {"artifacts": artifacts, "outputFile": str(folder / "deep" / "output_metadata.json")}
    values = {"headrace_run": "1b2c-uuid", "headrace_run_name": "nightly", **parameters}
    return json.dumps({"inputs": {"parameterValues": values}, "outputs": outputs})


def spec_with_parameters(lab: Lab) -> PipelineSpec:
    steps = RuntimeParameter("steps", int, default=3)
    source = Source(texts=[RuntimeParameter("text", str, default="a")])
    return lab.spec(source, Judge(rows=source.rows, least=steps))


def test_values_have_the_declared_types_and_kubeflows_own_are_left_out(lab: Lab, tmp_path: Path) -> None:
    spec = spec_with_parameters(lab)
    told = read_input(asked(spec, tmp_path, steps=7.0, span=2.0), spec)
    assert (told.run, dict(told.values)) == ("1b2c-uuid", {"text": "a", "steps": 7, "span": 2})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{$}}", "is not what Kubeflow's driver writes"),
        ("[]", "is not what Kubeflow's driver writes"),
        ("{}", "headrace_run is 'missing'"),
        ('{"inputs": {"parameterValues": {"headrace_run": "{{$.pipeline_job_uuid}}"}}}', "2.5.0 or newer"),
    ],
    ids=["placeholder", "list", "no run", "unresolved"],
)
def test_what_kubeflow_did_not_fill_in_is_one_line(lab: Lab, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        read_input(text, lab.spec(Source()))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "ended"),
    [({"state": "FAILED"}, "FAILED"), ('{"state": "SUCCEEDED"}', "SUCCEEDED"), ("", ""), (None, "")],
)
def test_the_last_task_is_told_how_the_nodes_ended(lab: Lab, tmp_path: Path, status: object, ended: str) -> None:
    spec = lab.spec(Source())
    assert read_input(asked(spec, tmp_path, headrace_final_status=status), spec).ended == ended


def test_a_value_of_another_type_is_refused(lab: Lab, tmp_path: Path) -> None:
    spec = spec_with_parameters(lab)
    with pytest.raises(ConfigError, match=r"'steps' is 1\.5"):
        read_input(asked(spec, tmp_path, steps=1.5), spec)


def written(lab: Lab, tmp_path: Path, *nodes: Any) -> tuple[dict[str, Any], dict[str, Path]]:
    """Run the first node locally, and write what its pod would."""
    spec = lab.spec(*nodes)
    node = spec.nodes[0]
    finished = lab.run_spec(spec)
    told = read_input(asked(spec, tmp_path), spec)
    paths = {name: tmp_path / "kfp" / name for name in told.artifacts}
    write_output(node, finished.executions[node.id], told, paths, lab.workspace.place.root)
    output = json.loads((tmp_path / "deep" / "output_metadata.json").read_text(encoding="utf-8"))
    return output["artifacts"], paths


def test_artifacts_keep_kubeflows_uri_and_refer_to_ours(lab: Lab, tmp_path: Path) -> None:
    artifacts, paths = written(lab, tmp_path, Source(texts=["a"]))
    (rows,) = artifacts["rows"]["artifacts"]
    assert (rows["uri"], rows["type"]) == ("minio://b/rows", {"schemaTitle": "system.Dataset"})
    assert rows["metadata"]["headrace_type"] == "Rows"
    assert Path(rows["metadata"]["headrace_uri"]).is_dir()
    assert json.loads(paths["rows"].read_text(encoding="utf-8"))["headrace_id"] == rows["metadata"]["headrace_id"]


def test_a_node_that_made_nothing_says_why(lab: Lab, tmp_path: Path) -> None:
    artifacts, _ = written(lab, tmp_path, Misbehaving(how="raise", memory=str(tmp_path / "memory")))
    (made,) = artifacts["made"]["artifacts"]
    assert made["metadata"] == {"headrace_state": "FAILED", "headrace_reason": "ValueError: cannot raise"}
