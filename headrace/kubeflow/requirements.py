"""What must be known before a pipeline can be compiled: an image, a store, a root, and only nodes that exist."""

from difflib import get_close_matches

from headrace.errors import ConfigError
from headrace.kubeflow.plain_secrets import STORE, check_no_secret_is_plain
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.pods import pod_of, shared_pod
from headrace.kubeflow.settings import KubeflowSettings
from headrace.kubeflow.shared_root import check_root
from headrace.spec.order import secrets_of
from headrace.spec.records import NodeSpec, PipelineSpec


def check_requirements(spec: PipelineSpec, settings: KubeflowSettings) -> None:
    """Refuse settings with which no pod could start, or that are about nodes which are not there."""
    if not settings.image:
        raise _missing(settings, "no image", "the image that every pod runs", "Set image there, or give --image")
    if STORE not in variables_of(shared_pod(settings)):
        raise _missing(
            settings,
            "no store_secret",
            "the Secret that holds the metadata store's address",
            "Set store_secret: {name: …, key: …} there",
        )
    check_root(settings)
    _check_nodes(spec, settings)
    check_no_secret_is_plain(spec, settings)
    for node in spec.nodes:
        _check_secrets(node, pod_of(node, settings), settings)


def _check_nodes(spec: PipelineSpec, settings: KubeflowSettings) -> None:
    known = [node.id for node in spec.nodes]
    for name in settings.nodes:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise ConfigError(
                found=f"{settings.place(f'nodes.{name}')}: the node {name!r}",
                expected=f"a node of {spec.name!r}: {', '.join(known)}",
                do=f"Write {near[0]!r}" if near else "Remove it",
            )


def _check_secrets(node: NodeSpec, pod: PodSettings, settings: KubeflowSettings) -> None:
    """Refuse a node that reads a secret which its pod is not given."""
    for name in secrets_of(node):
        if name not in variables_of(pod):
            raise ConfigError(
                found=f"{node.id} reads the secret {name!r}, and its pod has no variable of that name",
                expected="a key of a Kubernetes Secret for it",
                do=f"Add nodes: {{{node.id}: {{secrets: {{NAME: {{KEY: {name}}}}}}}}} to {settings.path}",
            )


def variables_of(pod: PodSettings) -> set[str]:
    """Name the environment variables that a pod is given."""
    owners = [*pod.secrets.values(), *pod.config_maps.values()]
    return {*pod.env, *(variable for keys in owners for variable in keys.values())}


def _missing(settings: KubeflowSettings, found: str, expected: str, do: str) -> ConfigError:
    return ConfigError(found=f"{settings.path}: {found}", expected=expected, do=do)
