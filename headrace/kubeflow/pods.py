"""The settings of every pod: `defaults`, below a node's own resources, below `nodes.<id>`."""

from dataclasses import asdict
from functools import reduce

from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import KubeflowSettings, SecretKey
from headrace.spec.records import NodeSpec, PipelineSpec


def pod_of(node: NodeSpec, settings: KubeflowSettings) -> PodSettings:
    """Return what the pod of a node is given."""
    return settings.nodes.get(node.id, PodSettings()).over(_own(node)).over(shared_pod(settings))


def closing_pod(spec: PipelineSpec, settings: KubeflowSettings) -> PodSettings:
    """Return what the last pod is given: it may launch the exit handler, and each node that runs in any case."""
    may_launch = [node for node in spec.nodes if node.options.run_if == "always" and node.id != spec.on_exit]
    may_launch += [node for node in spec.nodes if node.id == spec.on_exit]
    pods = [pod_of(node, settings) for node in may_launch]
    return reduce(lambda below, above: above.over(below), pods, shared_pod(settings))


def shared_pod(settings: KubeflowSettings) -> PodSettings:
    """Return what every pod is given: the defaults, and the metadata store's address and token from their Secrets."""
    secrets: dict[str, dict[str, str]] = {}
    _add(secrets, settings.store_secret, "HEADRACE_STORE")
    _add(secrets, settings.token_secret, "HEADRACE_STORE_TOKEN")
    return PodSettings(secrets=secrets).over(settings.defaults)


def _add(secrets: dict[str, dict[str, str]], secret: SecretKey | None, variable: str) -> None:
    if secret:
        secrets.setdefault(secret.name, {})[secret.key] = variable


def _own(node: NodeSpec) -> PodSettings:
    """Turn a node's own resources into settings; a count without an accelerator says nothing."""
    asked = node.options.resources
    if asked is None:
        return PodSettings()
    told = asdict(asked)
    return PodSettings(**(told if asked.accelerator else {**told, "accelerators": 0}))
