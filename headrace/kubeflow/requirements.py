"""What must be known before a pipeline can be compiled: an image, a store, a root, and only nodes that exist."""

from collections.abc import Iterator
from difflib import get_close_matches

from headrace.errors import ConfigError
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.pods import pod_of
from headrace.kubeflow.settings import KubeflowSettings
from headrace.spec import records
from headrace.spec.records import PipelineSpec


def check_requirements(spec: PipelineSpec, settings: KubeflowSettings) -> None:
    """Refuse settings with which no pod could start, or that are about nodes which are not there."""
    if not settings.image:
        raise _missing(settings, "no image", "the image that every pod runs", "Set image there, or give --image")
    if not settings.store_secret:
        raise _missing(
            settings,
            "no store_secret",
            "the Secret that holds the metadata store's address",
            "Set store_secret: {name: …, key: …} there",
        )
    if not settings.root:
        raise _missing(
            settings, "no root", "where pods keep artifacts: a mounted folder or an address", "Set root there"
        )
    _check_nodes(spec, settings)
    for node in spec.nodes:
        _check_secrets(node, pod_of(node, settings), settings)


def _check_nodes(spec: PipelineSpec, settings: KubeflowSettings) -> None:
    known = [node.id for node in spec.nodes]
    for name, line in settings.lines.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise ConfigError(
                found=f"{settings.path}:{line}: the node {name!r}",
                expected=f"a node of {spec.name!r}: {', '.join(known)}",
                do=f"Write {near[0]!r}" if near else "Remove it",
            )


def _check_secrets(node: records.NodeSpec, pod: PodSettings, settings: KubeflowSettings) -> None:
    """Refuse a node that reads a secret which its pod is not given."""
    given = {*pod.env, *(variable for keys in pod.secrets.values() for variable in keys.values())}
    for name in secrets_in([*node.parameters.values()]):
        if name not in given:
            raise ConfigError(
                found=f"{node.id} reads the secret {name!r}, and its pod has no variable of that name",
                expected="a key of a Kubernetes Secret for it",
                do=f"Add nodes: {{{node.id}: {{secrets: {{NAME: {{KEY: {name}}}}}}}}} to {settings.path}",
            )


def secrets_in(values: list[records.Expression]) -> Iterator[str]:
    """Find the secrets that expressions read."""
    for value in values:
        match value:
            case records.SecretValue(name):
                yield name
            case records.ListOf(parts):
                yield from secrets_in([*parts])
            case records.DictOf(items):
                yield from secrets_in([*items.values()])


def _missing(settings: KubeflowSettings, found: str, expected: str, do: str) -> ConfigError:
    return ConfigError(found=f"{settings.path}: {found}", expected=expected, do=do)
