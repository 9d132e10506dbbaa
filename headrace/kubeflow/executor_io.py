"""What Kubeflow tells a pod and what a pod answers: ExecutorInput and ExecutorOutput, as plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headrace.artifacts.preview import preview_of
from headrace.config.parameters import typed
from headrace.errors import UsageError
from headrace.kubeflow.artifacts import Shown, declared
from headrace.kubeflow.pages import page_of
from headrace.metadata.records import Execution
from headrace.metadata.states import reason_of, state_of
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json, NodeSpec, PipelineSpec, RunParameter
from headrace.storage.root import Root

RUN, RUN_NAME, SPAN, STATUS = "headrace_run", "headrace_run_name", "span", "headrace_final_status"
"""The parameters of every task: Kubeflow's id and name of the run; the span, unless a parameter has that name.

The last task alone is told how the nodes ended."""


@dataclass(frozen=True)
class ExecutorInput:
    """The run that a pod belongs to, the values of its parameters, and what Kubeflow expects to be written where.

    `ended` is how the nodes ended (SUCCEEDED, FAILED, …), told to the last task alone.
    """

    run: str
    values: Mapping[str, Json]
    artifacts: Mapping[str, Mapping[str, Any]]
    output_file: Path | None
    ended: str = ""


def read_input(text: str, spec: PipelineSpec) -> ExecutorInput:
    """Read what Kubeflow's driver fills in for `{{$}}`; raises UsageError for anything else."""
    try:
        told = json.loads(text)
        inputs, outputs = told.get("inputs", {}), told.get("outputs", {})
        parameters = dict(inputs.get("parameterValues", {}))
        run = str(parameters.pop(RUN, ""))
        ended = _ended(parameters.pop(STATUS, None))
        artifacts = {name: listed["artifacts"][0] for name, listed in outputs.get("artifacts", {}).items()}
        file = Path(outputs["outputFile"]) if outputs.get("outputFile") else None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(
            found=f"--executor-input is not what Kubeflow's driver writes ({type(error).__name__}: {error})",
            expected="an ExecutorInput in JSON",
            do="Compile with `headrace compile` and let Kubeflow start the pod",
        ) from error
    if not run or run.startswith("{{"):
        raise UsageError(
            found=f"the task's parameter {RUN} is {run or 'missing'!r}",
            expected="the id of Kubeflow's run, which its driver fills in",
            do="Use Kubeflow Pipelines 2.5.0 or newer",
        )
    return ExecutorInput(run, _values(parameters, spec), artifacts, file, ended)


def _ended(status: object) -> str:
    """Read the state of a final status, which is a mapping, or its JSON."""
    told = json.loads(status) if isinstance(status, str) and status else status
    return str(told.get("state", "")) if isinstance(told, dict) else ""


def _values(parameters: Mapping[str, Any], spec: PipelineSpec) -> dict[str, Json]:
    """Take the values of the pipeline's parameters, each with its declared type: Kubeflow's numbers are doubles."""
    values: dict[str, Json] = {name: parameter.default for name, parameter in spec.parameters.items()}
    for name, parameter in {SPAN: RunParameter("int", None), **spec.parameters}.items():
        if parameters.get(name) is not None:
            value = parameters[name]
            is_whole = isinstance(value, float) and value.is_integer() and parameter.type == "int"
            values[name] = typed(name, int(value) if is_whole else value, parameter, "Kubeflow")
    return values


def write_output(
    node: NodeSpec, execution: Execution, asked: ExecutorInput, paths: Mapping[str, Path], root: Root
) -> None:
    """Write a node's KFP artifacts and what Kubeflow's pages show of them.

    KFP keeps its own uri, as its launcher fails on another one; ours, the id and the type are in the metadata.
    """
    written: dict[str, Any] = {}
    for name, shown in declared(node).items():
        if name not in asked.artifacts:
            continue
        made = next(iter(execution.outputs.get(shown.output, ())), None)
        metadata = _metadata(execution, shown, made)
        if name in paths:
            _write_content(paths[name], _page(shown, made, root) or json.dumps(metadata, indent=1))
        artifact = asked.artifacts[name]
        kept = {key: artifact[key] for key in ("name", "uri", "type") if key in artifact}
        written[name] = {"artifacts": [{**kept, "metadata": {**artifact.get("metadata", {}), **metadata}}]}
    if asked.output_file:
        _write_content(asked.output_file, json.dumps({"artifacts": written}))


def _metadata(execution: Execution, shown: Shown, made: ArtifactRecord | None) -> dict[str, Json]:
    """Say where our artifact is and what is known of it, or why there is none."""
    if made is None:
        return {"headrace_state": state_of(execution), "headrace_reason": reason_of(execution)}
    if shown.form == "metrics":
        return {name: value for name, value in _metrics(made).items() if isinstance(value, int | float)}
    known: dict[str, Json] = {
        "headrace_uri": made.path,
        "headrace_id": made.id,
        "headrace_type": made.type,
        "headrace_digest": made.digest,
        "headrace_execution": execution.name,
        "headrace_state": state_of(execution),
    }
    scalars = {name: value for name, value in made.properties.items() if isinstance(value, bool | int | float | str)}
    return {**scalars, **known}


def _metrics(made: ArtifactRecord) -> Mapping[str, Json]:
    metrics = made.properties.get("metrics")
    return metrics if isinstance(metrics, Mapping) else {}


def _page(shown: Shown, made: ArtifactRecord | None, root: Root) -> str:
    """Lay out an artifact's preview, where a page is asked for and there is one."""
    preview = preview_of(made.path, root) if made and shown.form == "page" else None
    return page_of(preview) if preview else ""


def _write_content(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
