"""What Kubernetes is asked for a pod: `defaults` and `nodes.<id>` of `configs/kubeflow.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from headrace.config.yaml_file import YamlFile
from headrace.dsl.resources import Resources
from headrace.errors import ConfigError, DeclarationError

POLICIES = ("Always", "IfNotPresent", "Never")


@dataclass(frozen=True, kw_only=True)
class Toleration:
    """A taint of nodes that a pod bears."""

    key: str = ""
    operator: str = ""
    value: str = ""
    effect: str = ""
    toleration_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class PodSettings:
    """A pod: resources as texts (`accelerators` 0: unsaid), environment, volumes, and where it may be placed.

    `secrets` and `config_maps` map a name to its keys, and each key to an environment variable; `pvcs` maps a claim,
    `secret_volumes` a secret to the folder where it is mounted.
    """

    cpu: str = ""
    memory: str = ""
    cpu_request: str = ""
    memory_request: str = ""
    accelerator: str = ""
    accelerators: int = 0
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    config_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pvcs: Mapping[str, str] = field(default_factory=dict)
    secret_volumes: Mapping[str, str] = field(default_factory=dict)
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Toleration, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    image_pull_policy: str = ""
    image_pull_secrets: tuple[str, ...] = ()
    shared_memory: str = ""

    def over(self, below: PodSettings) -> PodSettings:
        """Lay these settings over others: mappings are merged, lists are added together, the rest replaces."""
        return PodSettings(
            **{f.name: _laid(getattr(self, f.name), getattr(below, f.name)) for f in fields(PodSettings)}
        )

    @property
    def resources(self) -> Resources:
        """Return the resources; raises DeclarationError for quantities that do not fit together."""
        return Resources(
            cpu=self.cpu,
            memory=self.memory,
            cpu_request=self.cpu_request,
            memory_request=self.memory_request,
            accelerator=self.accelerator,
            accelerators=self.accelerators or 1,
        )


def read_pod(found: YamlFile) -> PodSettings:
    """Read the settings of a pod; raises ConfigError with the line of what is wrong."""
    found.only({f.name for f in fields(PodSettings)} - {"accelerators"})
    accelerator = found.section("accelerator")
    accelerator.only(["type", "count"])
    pod = PodSettings(
        cpu=found.text("cpu"),
        memory=found.text("memory"),
        cpu_request=found.text("cpu_request"),
        memory_request=found.text("memory_request"),
        accelerator=accelerator.text("type"),
        accelerators=accelerator.number("count") or 0,
        env=found.named_texts("env"),
        secrets=_keys(found, "secrets"),
        config_maps=_keys(found, "config_maps"),
        pvcs=found.named_texts("pvcs"),
        secret_volumes=found.named_texts("secret_volumes"),
        node_selector=found.named_texts("node_selector"),
        tolerations=_tolerations(found),
        labels=found.named_texts("labels"),
        annotations=found.named_texts("annotations"),
        image_pull_policy=found.text("image_pull_policy", choices=POLICIES),
        image_pull_secrets=found.texts("image_pull_secrets"),
        shared_memory=found.text("shared_memory"),
    )
    _check_resources(pod, found)
    return pod


def _keys(found: YamlFile, name: str) -> dict[str, dict[str, str]]:
    below = found.section(name)
    return {owner: below.named_texts(owner) for owner in below.lines}


def _tolerations(found: YamlFile) -> tuple[Toleration, ...]:
    try:
        return tuple(Toleration(**part) for part in found.content.get("tolerations") or ())
    except TypeError as error:
        names = ", ".join(f.name for f in fields(Toleration))
        raise found.wrong("tolerations", f"a list of mappings with some of {names}") from error


def _check_resources(pod: PodSettings, found: YamlFile) -> None:
    try:
        _ = pod.resources
    except DeclarationError as error:
        line = min(found.lines.values())
        raise ConfigError(found=f"{found.path}:{line}: {error.found}", expected=error.expected, do=error.do) from error


def _laid(above: Any, below: Any) -> Any:
    if isinstance(above, dict):
        known = below or {}
        return {**known, **{name: _laid(value, known.get(name)) for name, value in above.items()}}
    if isinstance(above, tuple):
        return tuple(dict.fromkeys((*below, *above)))
    return above or below
