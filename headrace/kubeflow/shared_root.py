"""The root of artifacts that pods share: a place that all of them reach, and that may be read in a compiled file."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from headrace.errors import ConfigError
from headrace.kubeflow.pods import pod_of, shared_pod
from headrace.kubeflow.settings import KubeflowSettings
from headrace.spec.records import PipelineSpec
from headrace.storage.local_path import local_path
from headrace.storage.root import root_at

ROOT = "HEADRACE_ROOT"
EXPECTED = "where pods keep artifacts: a mounted folder or an address"


def check_root(settings: KubeflowSettings) -> None:
    """Refuse a root that only one pod would have, that holds credentials, or that a pod's variable would replace."""
    for name, pod in (
        ("defaults", settings.defaults),
        *((f"nodes.{name}", pod) for name, pod in settings.nodes.items()),
    ):
        if ROOT in pod.env:
            key = f"{name}.env.{ROOT}"
            raise ConfigError(
                found=f"{settings.place(key)}: {key}", expected="the root of all pods in root", do="Set root there"
            )
    if not settings.root:
        raise ConfigError(found=f"{settings.path}: no root", expected=EXPECTED, do="Set root there")
    try:
        root_at(settings.root, Path("/"))
    except ConfigError as error:
        raise ConfigError(
            found=f"{settings.place('root')}: {error.found}", expected=error.expected, do=error.do
        ) from None
    folder = _folder(settings)
    if folder and not folder.is_absolute():
        raise ConfigError(
            found=f"{settings.place('root')}: the root {settings.root!r}, a folder of each pod's own",
            expected=EXPECTED,
            do="Write the whole path of a folder below one of pvcs, or s3://bucket/artifacts, say",
        )


def doubts_of_root(spec: PipelineSpec, settings: KubeflowSettings) -> Iterator[str]:
    """Find pods that have no volume where the root is."""
    folder = _folder(settings)
    if not folder:
        return
    pods = {"outcome": shared_pod(settings), **{node.id: pod_of(node, settings) for node in spec.nodes}}
    without = [name for name, pod in pods.items() if not any(folder.is_relative_to(path) for path in pod.pvcs.values())]
    if without:
        whose = "pods" if len(without) == len(pods) else f"the pods of {', '.join(without)}"
        yield (
            f"root is {settings.root!r}, below no volume of {whose}: what a pod leaves there is gone with it; "
            f"mount a claim (defaults: {{pvcs: {{CLAIM: {folder.parent}}}}}), or name an object store"
        )


def _folder(settings: KubeflowSettings) -> PurePosixPath | None:
    """Return the folder that the root is, None for an address."""
    if "://" in settings.root and not settings.root.startswith("file://"):
        return None
    return PurePosixPath(local_path(settings.root))
