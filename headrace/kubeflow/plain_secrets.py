"""Passwords and tokens in settings that are compiled: the file lies in repositories, and in Kubeflow's database."""

from collections.abc import Mapping

from headrace.errors import ConfigError
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import KubeflowSettings
from headrace.metadata.address import parts_of, without_password
from headrace.spec.order import secrets_of
from headrace.spec.records import NodeSpec, PipelineSpec

STORE, TOKEN = "HEADRACE_STORE", "HEADRACE_STORE_TOKEN"
IN_A_SECRET = "it in a Secret: what is compiled can be read by many"


def check_no_secret_is_plain(spec: PipelineSpec, settings: KubeflowSettings) -> None:
    """Refuse plain variables of pods that hold what only a Secret may; no message repeats one."""
    _check(settings.defaults.env, "defaults.env", settings)
    for name, pod in settings.nodes.items():
        _check(pod.env, f"nodes.{name}.env", settings)
    for node in spec.nodes:
        _check_read_by(node, settings)


def _check(variables: Mapping[str, str], key: str, settings: KubeflowSettings) -> None:
    if _shows_more_than_a_place(variables.get(STORE, ""), f"{settings.place(f'{key}.{STORE}')}: {key}.{STORE}"):
        raise _plain(
            settings,
            f"{key}.{STORE}",
            "an address with a password",
            "Set store_secret: {name: …, key: …} there instead",
        )
    if TOKEN in variables:
        raise _plain(settings, f"{key}.{TOKEN}", "a token", "Set token_secret: {name: …, key: …} there instead")


def _shows_more_than_a_place(address: str, place: str) -> bool:
    """Tell whether a store's address holds a password, or what may be one; raises ConfigError for no address."""
    if without_password(address) != address:
        return True
    try:
        parts = parts_of(address)
    except ConfigError as error:
        raise ConfigError(found=place, expected=error.expected, do="Correct it there") from None
    return parts.scheme in ("grpc", "grpcs") and bool(parts.username)


def _check_read_by(node: NodeSpec, settings: KubeflowSettings) -> None:
    """Refuse a plain variable that a node reads as a secret."""
    own = settings.nodes.get(node.id, PodSettings())
    layers = {f"nodes.{node.id}.env": own.env, "defaults.env": settings.defaults.env}
    for name in secrets_of(node):
        for key, variables in layers.items():
            if name in variables:
                do = f"Set secrets: {{NAME: {{KEY: {name}}}}} there instead"
                raise _plain(settings, f"{key}.{name}", f"the secret that {node.id} reads", do)


def _plain(settings: KubeflowSettings, key: str, what: str, do: str) -> ConfigError:
    return ConfigError(found=f"{settings.place(key)}: {what} in {key}", expected=IN_A_SECRET, do=do)
