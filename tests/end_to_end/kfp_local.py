"""Run a compiled pipeline with the official `kfp.local`; only the Python of Kubeflow's SDK runs this file.

    python -P kfp_local.py PIPELINE.yaml FOLDER '{"parameter": "value"}' ['{"mounts": {"/app": ["FOLDER", "ro"]}, …}']

With a fourth argument every task is a container; without one, a process. It exits with 1 when a task failed.
"""

import json
import sys
import warnings
from importlib import import_module
from typing import Any


def module(name: str) -> Any:
    """Import by name what lies in an environment of its own, where the type checker does not look."""
    return import_module(name)


docker, components, local = module("docker"), module("kfp.components"), module("kfp.local")
tasks, values = module("kfp.local.task_dispatcher"), module("kfp.local.executor_output_utils")


def lift_limits() -> None:
    """Let processes run container components, and optional parameters have no value, as in a cluster."""
    processes = tasks.subprocess_task_handler.SubprocessTaskHandler
    processes.validate_image = processes.validate_not_container_component = lambda *_: None
    read, run = values.pb2_value_to_python, tasks.run_single_task_implementation
    values.pb2_value_to_python = lambda value: read(value) if value.WhichOneof("kind") else None
    tasks.run_single_task_implementation = lambda **told: run(**without_the_unset(**told))


def without_the_unset(arguments: dict[str, Any], component_spec: Any, **told: Any) -> dict[str, Any]:
    """Leave out the parameters without a value: Kubeflow's driver does not tell a pod of them."""
    left = type(component_spec)()
    left.CopyFrom(component_spec)
    for name in (name for name, value in arguments.items() if value is None):
        del left.input_definitions.parameters[name]
    known = {name: value for name, value in arguments.items() if value is not None}
    return {"arguments": known, "component_spec": left, **told}


def containers(asked: dict[str, Any]) -> Any:
    """Start containers as a cluster does: without capabilities, and /tmp is all of the image that can be written to."""
    keep_until_asked()
    mounts = [
        docker.types.Mount(target, source, type="bind", read_only=mode == "ro")
        for target, (source, mode) in asked.pop("mounts").items()
    ]
    return local.DockerRunner(
        mounts=mounts, network_mode="host", cap_drop=["ALL"], read_only=True, tmpfs={"/tmp": ""}, **asked
    )


def keep_until_asked() -> None:
    """Keep containers that have ended: kfp.local takes one that is gone before its exit code is asked for as good."""
    containers_of = docker.models.containers.ContainerCollection
    run = containers_of.run
    containers_of.run = lambda self, **told: run(self, **{**told, "auto_remove": False})


def main(file: str, folder: str, parameters: str, asked: str = "") -> int:
    """Run a pipeline to its end; return the exit code."""
    warnings.filterwarnings("ignore")
    lift_limits()
    runner = containers(json.loads(asked)) if asked else local.SubprocessRunner(use_venv=False)
    local.init(runner=runner, pipeline_root=folder)
    pipeline = components.load_component_from_file(file)
    try:
        pipeline(**json.loads(parameters))
    except RuntimeError as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
