"""Builds what Kubeflow is given of a project's pipeline: the compiled file and, where the settings ask, its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from headrace.config.project import Loaded
from headrace.errors import UnreachableRoot
from headrace.kubeflow.compile import Compilation, compiled
from headrace.kubeflow.document import written
from headrace.kubeflow.settings import KubeflowSettings
from headrace.spec.records import Json
from headrace.storage.root import root_at
from headrace.user_code.bundle import Bundle, make_bundle


@dataclass(frozen=True)
class Built:
    """A compiled pipeline, and the code bundle that its pods fetch, or None where the code is in the image."""

    text: str
    bundle: Bundle | None


def build(loaded: Loaded, values: Mapping[str, Json], settings: KubeflowSettings, project: Path) -> Built:
    """Compile a pipeline; raises a UsageError for what Kubeflow, or a pod, would refuse."""
    bundle = make_bundle(loaded.spec, values, loaded.module, project) if settings.code == "bundle" else None
    asked = Compilation(loaded.spec, values, settings, bundle.digest if bundle else "")
    return Built(written(compiled(asked)), bundle)


def deliver(bundle: Bundle, settings: KubeflowSettings, project: Path) -> str:
    """Put a bundle where pods fetch it, and say where; raises UnreachableRoot where that is not possible from here."""
    root = root_at(settings.root, project)
    try:
        if "://" not in settings.root and not Path(settings.root).is_dir():
            raise FileNotFoundError("not on this machine")
        root.write(bundle.name, bundle.content)
    except OSError as error:
        raise UnreachableRoot(
            found=f"the root {root.address} cannot be written from here ({error.strerror or error})",
            expected=f"the code bundle at {root.location(bundle.name)}",
            do="Mount the root here, or copy the bundle there",
        ) from error
    return root.location(bundle.name)
