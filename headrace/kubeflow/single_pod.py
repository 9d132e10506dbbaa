"""One pod that runs a whole pipeline: what all its nodes need together, and Kubernetes' pod spec for it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import reduce

from headrace.dsl.resources import amount
from headrace.kubeflow.container import environment
from headrace.kubeflow.document import Document, without_nothing
from headrace.kubeflow.pod_settings import PodSettings, Toleration
from headrace.kubeflow.pods import pod_of, shared_pod
from headrace.kubeflow.settings import KubeflowSettings
from headrace.spec.records import PipelineSpec

USER = 1000
QUANTITIES = ("cpu", "memory", "cpu_request", "memory_request")


def pod_of_all(spec: PipelineSpec, settings: KubeflowSettings) -> PodSettings:
    """Lay the settings of all nodes over the defaults; of each quantity the largest counts, as one node needs it."""
    pods = [shared_pod(settings), *(pod_of(node, settings) for node in spec.nodes)]
    together = reduce(lambda below, above: above.over(below), pods)
    largest = {name: _largest([str(getattr(pod, name)) for pod in pods]) for name in QUANTITIES}
    return replace(together, **largest, accelerators=max(pod.accelerators for pod in pods))  # type: ignore[arg-type]  # texts, each by its name


def pod_spec(command: Sequence[str], settings: KubeflowSettings, pod: PodSettings) -> Document:
    """Describe the pod: a user without any privilege, who can write in /tmp and the volumes and nowhere else."""
    volumes = _volumes(pod)
    container = {
        "name": "headrace",
        "image": settings.image,
        "imagePullPolicy": pod.image_pull_policy,
        "command": ["headrace"],
        "args": [*command],
        "env": _variables(settings, pod),
        "resources": _resources(pod),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": name, "mountPath": path} for name, (path, _) in volumes.items()],
    }
    return without_nothing(
        {
            "restartPolicy": "Never",
            "serviceAccountName": settings.service_account,
            "automountServiceAccountToken": bool(settings.service_account),
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "runAsGroup": USER,
                "fsGroup": USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "imagePullSecrets": [{"name": name} for name in pod.image_pull_secrets],
            "nodeSelector": dict(pod.node_selector),
            "tolerations": [_toleration(toleration) for toleration in pod.tolerations],
            "containers": [container],
            "volumes": [{"name": name, **volume} for name, (_, volume) in volumes.items()],
        }
    )


def _largest(quantities: list[str]) -> str:
    return max((quantity for quantity in quantities if quantity), key=amount, default="")


def _variables(settings: KubeflowSettings, pod: PodSettings) -> list[Document]:
    plain: list[Document] = [{"name": name, "value": value} for name, value in environment(settings.root, pod).items()]
    secret = _references(pod.secrets, "secretKeyRef")
    return [*plain, *secret, *_references(pod.config_maps, "configMapKeyRef")]


def _references(owners: Mapping[str, Mapping[str, str]], kind: str) -> list[Document]:
    return [
        {"name": variable, "valueFrom": {kind: {"name": owner, "key": key}}}
        for owner, keys in owners.items()
        for key, variable in keys.items()
    ]


def _resources(pod: PodSettings) -> Document:
    asked = pod.resources
    limits = {"cpu": asked.cpu, "memory": asked.memory}
    if asked.accelerator:
        limits[asked.accelerator] = str(asked.accelerators)
    return {"limits": limits, "requests": {"cpu": asked.cpu_request, "memory": asked.memory_request}}


def _volumes(pod: PodSettings) -> dict[str, tuple[str, Document]]:
    """Name the volumes of a pod: where each is mounted, and what it is."""
    volumes: dict[str, tuple[str, Document]] = {"tmp": ("/tmp", {"emptyDir": {}})}
    if pod.shared_memory:
        volumes["shm"] = ("/dev/shm", {"emptyDir": {"medium": "Memory", "sizeLimit": pod.shared_memory}})
    for number, (claim, path) in enumerate(pod.pvcs.items()):
        volumes[f"claim-{number}"] = (path, {"persistentVolumeClaim": {"claimName": claim}})
    for number, (secret, path) in enumerate(pod.secret_volumes.items()):
        volumes[f"secret-{number}"] = (path, {"secret": {"secretName": secret}})
    return volumes


def _toleration(toleration: Toleration) -> Document:
    seconds = toleration.toleration_seconds
    plain = {name: value for name, value in asdict(toleration).items() if name != "toleration_seconds"}
    return {**plain, "tolerationSeconds": seconds}
