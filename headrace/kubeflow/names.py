"""Names in Kubeflow: tasks from the ids of nodes, and what a pipeline may be called there."""

import re
from collections.abc import Iterable

from headrace.errors import PipelineError

OUTCOME, CLOSE, NODES = "outcome", "close", "exit-handler-1"
LONGEST_TASK = 100
LONGEST_PIPELINE = 57  # Argo adds a dash and five letters, and takes 63 in all

_PIPELINE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def task_names(ids: Iterable[str]) -> dict[str, str]:
    """Map the ids of nodes to names of tasks; raises PipelineError where two ids make one name."""
    names: dict[str, str] = {}
    owners = {OUTCOME: "", CLOSE: "", NODES: ""}
    for node in ids:
        name = _task_name(node)
        if name in owners:
            rival = f"{owners[name]!r} and {node!r}" if owners[name] else f"{node!r} and headrace's own last task"
            raise PipelineError(
                found=f"{rival} are both the task {name!r} in Kubeflow",
                expected="a name of its own for every task",
                do=f"Give {node!r} another id with options=NodeOptions(id=…)",
            )
        owners[name], names[node] = node, name
    return names


def mangled(name: str) -> str:
    """Turn `StatisticsGen` into `statistics-gen`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return re.sub(r"[^a-z0-9]+", "-", apart.lower()).strip("-")


def _task_name(node: str) -> str:
    name = mangled(node)
    if not name or len(name) > LONGEST_TASK:
        raise PipelineError(
            found=f"the node id {node!r}, which makes the task {name!r}",
            expected=f"1 to {LONGEST_TASK} characters of a-z, 0-9 and - in Kubeflow",
            do="Choose another id",
        )
    return name


def check_pipeline_name(name: str) -> None:
    """Refuse a pipeline's name that Kubeflow would refuse when it is submitted."""
    if not _PIPELINE.fullmatch(name) or len(name) > LONGEST_PIPELINE:
        near = mangled(name)[:LONGEST_PIPELINE].strip("-")
        raise PipelineError(
            found=f"a pipeline called {name!r}",
            expected=f"at most {LONGEST_PIPELINE} characters of a-z, 0-9 and - for Kubeflow",
            do=f"Call it {near!r}" if near else "Rename it",
        )
