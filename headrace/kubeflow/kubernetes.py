"""What Kubeflow's platform spec says of a pod: secrets, volumes, placement, its time limit."""

from collections.abc import Mapping
from dataclasses import asdict

from headrace.kubeflow.document import Document
from headrace.kubeflow.pod_settings import PodSettings, Toleration


def executor_config(pod: PodSettings, seconds: int = 0) -> Document:
    """Describe a pod to Kubeflow's driver; `seconds` ends it, 0 never does.

    Names stand twice, as newer backends read a parameter and older ones a plain name.
    """
    config: Document = {
        "secretAsEnv": [
            {**_named("secretName", secret), "keyToEnv": _pairs("secretKey", keys)}
            for secret, keys in pod.secrets.items()
        ],
        "configMapAsEnv": [
            {**_named("configMapName", name), "keyToEnv": _pairs("configMapKey", keys)}
            for name, keys in pod.config_maps.items()
        ],
        "secretAsVolume": [
            {**_named("secretName", secret), "mountPath": path} for secret, path in pod.secret_volumes.items()
        ],
        "pvcMount": [
            {"constant": claim, "pvcNameParameter": _constant(claim), "mountPath": path}
            for claim, path in pod.pvcs.items()
        ],
        "imagePullSecret": [_named("secretName", secret) for secret in pod.image_pull_secrets],
        "imagePullPolicy": pod.image_pull_policy,
        "nodeSelector": {"labels": dict(pod.node_selector)} if pod.node_selector else {},
        "tolerations": [_toleration(toleration) for toleration in pod.tolerations],
        "podMetadata": {
            name: dict(found) for name, found in (("labels", pod.labels), ("annotations", pod.annotations)) if found
        },
        "enabledSharedMemory": {"volumeName": "shm", "size": pod.shared_memory} if pod.shared_memory else {},
        "activeDeadlineSeconds": str(seconds) if seconds else "",
    }
    return {name: value for name, value in config.items() if value}


def _constant(name: str) -> Document:
    return {"runtimeValue": {"constant": name}}


def _named(field: str, name: str) -> Document:
    return {field: name, f"{field}Parameter": _constant(name)}


def _pairs(field: str, keys: Mapping[str, str]) -> list[Document]:
    return [{field: key, "envVar": variable} for key, variable in keys.items()]


def _toleration(toleration: Toleration) -> Document:
    told = {name: value for name, value in asdict(toleration).items() if value not in ("", None)}
    if "toleration_seconds" in told:
        told["tolerationSeconds"] = str(told.pop("toleration_seconds"))
    return told
