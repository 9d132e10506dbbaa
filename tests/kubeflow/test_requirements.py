"""What no compilation can do without, each refused in one line with its fix."""

from dataclasses import replace
from pathlib import Path

import pytest

from headrace import NodeOptions, Resources, Secret
from headrace.errors import ConfigError
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import KubeflowSettings, SecretKey, read_kubeflow
from tests.kubeflow.compiling import SETTINGS, compile_nodes, container_of, pod_of
from tests.parts import Copy, Leaking, Source, named


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (replace(SETTINGS, image=""), r"kubeflow.yaml: no image; .*Set image there, or give --image"),
        (replace(SETTINGS, store_secret=None), r"no store_secret; .*Set store_secret: \{name: …, key: …\} there"),
        (replace(SETTINGS, root=""), r"no root; expected where pods keep artifacts"),
    ],
    ids=["image", "store", "root"],
)
def test_what_is_missing_is_refused(settings: KubeflowSettings, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        compile_nodes(Source(), settings=settings)


def test_a_node_that_is_not_there_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "kubeflow.yaml"
    text = "image: a\nroot: /r\nstore_secret: {name: a, key: b}\nnodes:\n  Sorce: {cpu: '1'}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kubeflow.yaml:5: the node 'Sorce'; .*Write 'Source'"):
        compile_nodes(Source(), settings=read_kubeflow(tmp_path, file))


def test_a_secret_that_a_node_reads_must_be_given_to_its_pod() -> None:
    node = Leaking(password=Secret("PASSWORD"), how="")
    with pytest.raises(ConfigError, match="Leaking reads the secret 'PASSWORD', and its pod has no variable"):
        compile_nodes(node)
    pod = PodSettings(secrets={"warehouse": {"password": "PASSWORD"}})
    documents = compile_nodes(node, settings=replace(SETTINGS, nodes={"Leaking": pod}))
    names = [part["secretName"] for part in pod_of(documents, "leaking")["secretAsEnv"]]
    assert names == ["store", "warehouse"]


def test_the_pod_that_closes_the_run_has_what_the_nodes_need_that_it_may_launch() -> None:
    source = Source()
    last = Copy(rows=source.rows, options=named("Last"))
    pods = {"Last": PodSettings(cpu="2", env={"A": "1"}), "Source": PodSettings(env={"B": "1"})}
    settings = replace(SETTINGS, nodes=pods, token_secret=SecretKey("store", "token"))
    documents = compile_nodes(source, settings=settings, on_exit=last)
    container = documents[0]["deploymentSpec"]["executors"]["exec-close"]["container"]
    assert container["resources"]["resourceCpuLimit"] == "2"
    names = [part["name"] for part in container["env"]]
    assert "A" in names
    assert "B" not in names
    (secret,) = pod_of(documents, "close")["secretAsEnv"]
    assert [part["envVar"] for part in secret["keyToEnv"]] == ["HEADRACE_STORE", "HEADRACE_STORE_TOKEN"]


def test_settings_of_a_node_lie_over_its_own_resources_and_these_over_the_defaults() -> None:
    asked = NodeOptions(resources=Resources(cpu="2", memory="2Gi"))
    settings = replace(
        SETTINGS,
        defaults=PodSettings(cpu="1", memory="1Gi", cpu_request="100m"),
        nodes={"Source": PodSettings(memory="3Gi")},
    )
    resources = container_of(compile_nodes(Source(options=asked), settings=settings), "source")["resources"]
    texts = {name: value for name, value in resources.items() if isinstance(value, str)}
    assert texts == {"resourceCpuLimit": "2", "resourceMemoryLimit": "3Gi", "resourceCpuRequest": "100m"}
