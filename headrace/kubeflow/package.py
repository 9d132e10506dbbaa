"""A compiled pipeline as it is uploaded: its file, the name in it, and the version that its content gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from headrace.errors import ConfigError

LARGEST = 32 * 1024 * 1024
"""Bytes that Kubeflow's server takes."""


@dataclass(frozen=True)
class Package:
    """A compiled pipeline; `parameters` are declared by name as Kubeflow's spec has them."""

    name: str
    file: bytes
    parameters: Mapping[str, Mapping[str, Any]]

    @cached_property
    def version(self) -> str:
        """Name the version by its content, so that an unchanged pipeline is uploaded once."""
        return f"sha256-{sha256(self.file).hexdigest()[:20]}"


def package_of(text: str, origin: str) -> Package:
    """Read a compiled pipeline; raises ConfigError for what Kubeflow would not take."""
    file = text.encode()
    try:
        documents = [document for document in yaml.load_all(text, Loader=LOADER) if isinstance(document, dict)]
    except yaml.YAMLError as error:
        raise _no_pipeline(origin, "it is not YAML") from error
    spec = next((document for document in documents if "pipelineInfo" in document), None)
    if spec is None or not isinstance(spec.get("root"), dict):
        raise _no_pipeline(origin, "no document in it has pipelineInfo and root")
    if len(file) > LARGEST:
        raise _no_pipeline(origin, f"it has {len(file):,} bytes, and Kubeflow takes {LARGEST:,}")
    declared = (spec["root"].get("inputDefinitions") or {}).get("parameters") or {}
    return Package(str(spec["pipelineInfo"].get("name", "")), file, declared)


def read_package(file: Path, origin: str) -> Package:
    """Read a compiled pipeline from a file, which messages call `origin`."""
    try:
        return package_of(file.read_text(encoding="utf-8"), origin)
    except (OSError, UnicodeDecodeError) as error:
        raise _no_pipeline(origin, f"it cannot be read ({type(error).__name__})") from error


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _no_pipeline(origin: str, why: str) -> ConfigError:
    return ConfigError(
        found=f"{origin} is no compiled pipeline: {why}",
        expected="what `headrace compile --target kubeflow` writes",
        do="Compile it again",
    )
