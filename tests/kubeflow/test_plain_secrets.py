"""What is secret is in no compiled file: refused where it stands, without being repeated."""

from dataclasses import replace
from pathlib import Path

import pytest

from headrace import Pipeline, Secret
from headrace.errors import ConfigError
from headrace.kubeflow.cronjob import Scheduled, cronjob
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import CronJobSettings, read_kubeflow
from headrace.spec.from_pipeline import spec_of
from tests.kubeflow.compiling import SETTINGS, compile_nodes, pod_of
from tests.parts import Leaking, Source

AROUND = """\
image: a
root: /r
store_secret: {name: a, key: b}
"""


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:hidden@host/db",
        "postgresql://u:hid?den@h/d",
        "postgresql://u:hid#den@h/d",
        "postgresql://u:hid/den@h/d",
        "postgresql://u:hid@den@h/d",
        "postgresql://u@h/d?password=hidden",
        "postgresql://u@h/d?sslpassword=hidden",
        "postgresql://u@h/d#hidden",
        "grpc://hidden@store:8080",
    ],
)
@pytest.mark.parametrize("layer", ["defaults", "nodes.Source"])
def test_a_stores_password_is_refused_with_its_line(tmp_path: Path, address: str, layer: str) -> None:
    file = tmp_path / "kubeflow.yaml"
    first, _, second = layer.partition(".")
    below = f"{first}:\n" + (f"  {second}:\n    env:\n      " if second else "  env:\n    ")
    file.write_text(f"{AROUND}{below}HEADRACE_STORE: '{address}'", encoding="utf-8")
    line = 7 if second else 6
    with pytest.raises(ConfigError, match=rf"kubeflow.yaml:{line}: an address .*Set store_secret:") as caught:
        compile_nodes(Source(), settings=read_kubeflow(tmp_path, file))
    assert f"{layer}.env.HEADRACE_STORE" in str(caught.value)
    assert "hid" not in str(caught.value)
    assert "den" not in str(caught.value)


@pytest.mark.parametrize("address", ["grpc://store:8080", "postgresql://u@h/d?sslmode=verify-full", "mysql://u@h:1/d"])
def test_an_address_without_a_password_may_be_plain(address: str) -> None:
    settings = replace(SETTINGS, store_secret=None, defaults=PodSettings(env={"HEADRACE_STORE": address}))
    assert "secretAsEnv" not in pod_of(compile_nodes(Source(), settings=settings), "source")


@pytest.mark.parametrize("address", ["postgresql://u:P[D@h/d", "postgresql://[h/d", "grpc://store:eight"])
def test_an_address_that_cannot_be_read_is_one_line(address: str) -> None:
    settings = replace(SETTINGS, defaults=PodSettings(env={"HEADRACE_STORE": address}))
    with pytest.raises(ConfigError, match=r"kubeflow.yaml: .*defaults.env.HEADRACE_STORE") as caught:
        compile_nodes(Source(), settings=settings)
    assert "P[D" not in str(caught.value)


def test_a_token_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kubeflow.yaml"
    file.write_text(f"{AROUND}nodes: {{Source: {{env: {{HEADRACE_STORE_TOKEN: hidden}}}}}}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kubeflow.yaml:4: a token .*Set token_secret:") as caught:
        compile_nodes(Source(), settings=read_kubeflow(tmp_path, file))
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("of_all", [True, False], ids=["defaults", "its own"])
def test_a_plain_variable_that_a_node_reads_as_a_secret_is_refused(*, of_all: bool) -> None:
    pod = PodSettings(env={"PASSWORD": "hidden"})
    settings = replace(SETTINGS, defaults=pod) if of_all else replace(SETTINGS, nodes={"Leaking": pod})
    message = r"the secret that Leaking reads in .*env.PASSWORD; .*Set secrets: \{NAME: \{KEY: PASSWORD\}\}"
    with pytest.raises(ConfigError, match=message) as caught:
        compile_nodes(Leaking(password=Secret("PASSWORD"), how=""), settings=settings)
    assert "hidden" not in str(caught.value)


def test_a_cronjob_holds_none_either() -> None:
    pod = PodSettings(env={"HEADRACE_STORE_TOKEN": "hidden"})
    settings = replace(SETTINGS, defaults=pod, cronjob=CronJobSettings(schedule="0 3 * * *"))
    with pytest.raises(ConfigError, match=r"a token in defaults\.env"):
        cronjob(Scheduled(spec_of(Pipeline("p", [Source()])), "p", (), settings))
