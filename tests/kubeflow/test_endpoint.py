"""Where an endpoint's address and its credentials come from, and what comes first."""

from pathlib import Path

import pytest

from headrace.errors import ConfigError
from headrace.kubeflow.client import Client
from headrace.kubeflow.endpoint import Endpoint, Wanted, checked_url, find_endpoint
from headrace.kubeflow.gateway import Gateway
from headrace.kubeflow.links import run_page
from tests.kubeflow.conftest import api
from tests.kubeflow.fake_api import FakeApi

__all__ = ["api"]

NOTHING = Wanted()
OPTION = Wanted(url="http://option", namespace="option", token_file="/option", ca_file="/option.pem")
SETTING = Wanted(
    url="http://setting",
    namespace="setting",
    token_file="setting",
    ca_file="setting.pem",
    cookie_variable="COOKIE",
    headers_variable="HEADERS",
)
ENVIRONMENT = {
    "KF_PIPELINES_ENDPOINT": "http://environment/",
    "KF_PIPELINES_SA_TOKEN_PATH": "/environment",
    "KF_PIPELINES_UI_ENDPOINT": "https://ui.example.org/",
}


@pytest.fixture
def in_cluster(tmp_path: Path) -> Path:
    """A token as Kubernetes projects it: a link to a link, which is replaced when the token rotates."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "token").write_text(name, encoding="utf-8")
    (tmp_path / "..data").symlink_to("first")
    (tmp_path / "token").symlink_to("..data/token")
    return tmp_path / "token"


def found(option: Wanted, setting: Wanted, environment: dict[str, str], in_cluster: Path) -> Endpoint:
    return find_endpoint(option, setting, environment, Path("/project"), in_cluster)


def test_options_come_before_settings_and_settings_before_the_environment(in_cluster: Path) -> None:
    by_option = found(OPTION, SETTING, ENVIRONMENT, in_cluster)
    assert (by_option.url, by_option.namespace) == ("http://option", "option")
    assert (by_option.token_file, by_option.ca_file) == (Path("/option"), Path("/option.pem"))
    by_setting = found(NOTHING, SETTING, ENVIRONMENT, in_cluster)
    assert (by_setting.url, by_setting.namespace) == ("http://setting", "setting")
    assert (by_setting.token_file, by_setting.ca_file) == (Path("/project/setting"), Path("/project/setting.pem"))
    assert (by_setting.cookie_variable, by_setting.headers_variable) == ("COOKIE", "HEADERS")
    by_environment = found(NOTHING, NOTHING, ENVIRONMENT, in_cluster)
    assert (by_environment.url, by_environment.namespace) == ("http://environment", "")
    assert (by_environment.token_file, by_environment.ca_file) == (Path("/environment"), None)


def test_a_token_of_the_environment_comes_before_all_files_but_the_options(in_cluster: Path) -> None:
    environment = {**ENVIRONMENT, "HEADRACE_KUBEFLOW_TOKEN": "secret"}
    given = found(NOTHING, SETTING, environment, in_cluster)
    assert (given.token_file, given.token_variable) == (None, "HEADRACE_KUBEFLOW_TOKEN")
    assert found(OPTION, SETTING, environment, in_cluster).token_variable == ""
    empty = found(NOTHING, SETTING, {**ENVIRONMENT, "HEADRACE_KUBEFLOW_TOKEN": ""}, in_cluster)
    assert empty.token_file == Path("/project/setting")


def test_the_projected_token_is_used_where_nothing_else_is_named(in_cluster: Path) -> None:
    url = {"KF_PIPELINES_ENDPOINT": "http://here"}
    assert found(NOTHING, NOTHING, url, in_cluster).token_file == in_cluster
    assert found(NOTHING, NOTHING, url, in_cluster.with_name("none")).token_file is None
    named = {**url, "KF_PIPELINES_SA_TOKEN_PATH": "/named"}
    assert found(NOTHING, NOTHING, named, in_cluster).token_file == Path("/named")


def test_a_projected_token_that_rotates_is_read_again(api: FakeApi, in_cluster: Path) -> None:
    client = Client(Gateway(found(NOTHING, NOTHING, {"KF_PIPELINES_ENDPOINT": api.url}, in_cluster), {}))
    api.kubeflow.token = "first"
    assert client.experiment("headrace").name == "headrace"
    (in_cluster.parent / "..new").symlink_to("second")
    (in_cluster.parent / "..new").replace(in_cluster.parent / "..data")
    api.kubeflow.token = "second"
    assert client.experiment("headrace").name == "headrace"


def test_the_page_of_a_run_is_at_the_address_for_browsers(in_cluster: Path) -> None:
    given = found(NOTHING, NOTHING, ENVIRONMENT, in_cluster)
    assert given.ui == "https://ui.example.org"
    assert run_page(given, "7").startswith("https://ui.example.org/")
    assert run_page(Endpoint(url="http://here"), "7").startswith("http://here/")


@pytest.mark.parametrize(
    "url",
    [
        "http://[bad",
        "[bad",
        "http://host:port",
        "http://host:99999",
        "http://a..b",
        "http://a b",
        "http://höst/pfad",
        "ftp://host",
        "http://",
        "http://host/\n",
        "http://host/?token=secret",
        "http://host/#secret",
    ],
)
def test_an_address_that_no_api_can_have_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"the endpoint '.*; expected an address such as https") as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://u:secret@host", "http://u:secret@[bad", "u:secret@host/?token=secret"])
def test_an_address_with_a_password_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigError, match="an endpoint with a password in it") as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)
