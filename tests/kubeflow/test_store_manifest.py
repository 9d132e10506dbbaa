"""The manifest of the store's server is what Kubernetes takes, and what headrace understands."""

import subprocess
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


def test_a_database_that_is_away_restarts_nothing() -> None:
    """The health service says NOT_SERVING then: nothing is sent there, and the server waits for its database."""
    (container,) = documents()[0]["spec"]["template"]["spec"]["containers"]
    (port,) = container["ports"]
    assert container["readinessProbe"] == {"grpc": {"port": port["containerPort"]}}
    assert container["livenessProbe"].keys() == {"tcpSocket", "periodSeconds"}
    assert container["livenessProbe"]["tcpSocket"] == {"port": port["containerPort"]}


def test_the_documented_command_sets_its_image() -> None:
    text = Path("docs/kubeflow.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if str(MANIFEST) in line and line.endswith("| kubectl apply -f -")]
    command, image = line.removesuffix("| kubectl apply -f -"), "registry.example.com:5000/team/headrace:2"
    done = subprocess.run(command, shell=True, env={"IMAGE": image}, capture_output=True, text=True, check=True)
    expected = documents()
    expected[0]["spec"]["template"]["spec"]["containers"][0]["image"] = image
    assert list(yaml.safe_load_all(done.stdout)) == expected


def test_names_are_those_of_the_committed_configuration() -> None:
    deployment, service, claim = documents()
    settings = read_kubeflow(Path.cwd(), None)
    assert settings.store_secret is not None
    assert settings.store_secret.name == service["metadata"]["name"] == deployment["metadata"]["name"]
    assert claim["metadata"]["name"] in settings.defaults.pvcs
