"""The manifest of the store's server is what Kubernetes takes, and what headrace understands."""

from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it has no annotations
import pytest
import yaml
from click.testing import CliRunner

from headrace.cli.metadata import command
from headrace.kubeflow.settings import read_kubeflow

MANIFEST = Path("configs/kubernetes/store.yaml")


def documents() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8")))


@pytest.mark.parametrize("version", ["1.28", "1.33"])
def test_kubernetes_takes_every_document(version: str) -> None:
    for document in documents():
        kubernetes_validate.validate(document, version, strict=True)


def test_the_command_is_one_that_headrace_has() -> None:
    deployment = documents()[0]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["headrace"]
    group, verb, *options = container["args"]
    asked = CliRunner().invoke(command, [verb, *options, "--help"])
    assert (group, asked.exit_code) == ("metadata", 0)


def test_names_are_those_of_the_committed_configuration() -> None:
    deployment, service, claim = documents()
    settings = read_kubeflow(Path.cwd(), None)
    assert settings.store_secret is not None
    assert settings.store_secret.name == service["metadata"]["name"] == deployment["metadata"]["name"]
    assert claim["metadata"]["name"] in settings.defaults.pvcs
