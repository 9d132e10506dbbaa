"""The container of a task: its command, its environment, and what it asks of the machine."""

from collections.abc import Sequence

from headrace.dsl.resources import Resources, amount
from headrace.kubeflow.document import Document
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import KubeflowSettings
from headrace.kubeflow.slice import Slice, pack

STATE = "/tmp/headrace"


def container_of(
    act: str, part: Slice, settings: KubeflowSettings, pod: PodSettings, outputs: Sequence[str] = ()
) -> Document:
    """Describe what runs in a pod: an act of `headrace pod` on a slice of the spec, writing KFP artifacts.

    Kubeflow's driver fills in `{{$…}}` when the pod starts.
    """
    arguments = ["pod", act, "--slice", pack(part), "--executor-input", "{{$}}"]
    for name in outputs:
        arguments += ["--output", f"{name}={{{{$.outputs.artifacts['{name}'].path}}}}"]
    described: Document = {
        "image": settings.image,
        "command": ["headrace"],
        "args": arguments,
        "env": [{"name": name, "value": value} for name, value in environment(settings.root, pod).items()],
    }
    if resources := _resources(pod.resources):
        described["resources"] = resources
    return described


def environment(root: str, pod: PodSettings) -> dict[str, str]:
    """Return the plain variables of a pod; what is secret comes from Secrets, by name."""
    return {"HEADRACE_ROOT": root, "HEADRACE_STATE": STATE, "HOME": "/tmp", **pod.env}


def _resources(asked: Resources) -> Document:
    """Write each quantity twice: as a text, and as the number that backends before 2.8 read."""
    described: Document = {}
    for name, quantity in (("cpuLimit", asked.cpu), ("cpuRequest", asked.cpu_request)):
        if quantity:
            described |= {name: amount(quantity), f"resource{name[0].upper()}{name[1:]}": quantity}
    for name, quantity in (("memoryLimit", asked.memory), ("memoryRequest", asked.memory_request)):
        if quantity:
            described |= {name: amount(quantity) / 1e9, f"resource{name[0].upper()}{name[1:]}": quantity}
    if asked.accelerator:
        count = str(asked.accelerators)
        described["accelerator"] = {
            "type": asked.accelerator,
            "resourceType": asked.accelerator,
            "count": count,
            "resourceCount": count,
        }
    return described
